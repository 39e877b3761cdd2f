# Embeds a folder's files into a room: tw_embed_folder(tw_store migrations <folder> GLOB "*.sql")
# makes "embedded/migrations.hpp" with  std::span<const tw::EmbeddedFile> tw::embedded::migrations();  sorted by path.

function(tw_embed_folder target name folder)
  cmake_parse_arguments(EMBED "" "GLOB" "" ${ARGN})
  if(NOT EMBED_GLOB)
    set(EMBED_GLOB "*")
  endif()
  file(GLOB_RECURSE files CONFIGURE_DEPENDS "${folder}/${EMBED_GLOB}")
  set(out "${CMAKE_CURRENT_BINARY_DIR}/generated")
  set(header "${out}/embedded/${name}.hpp")
  set(source "${out}/embedded_${name}.S")
  set(table "${out}/embedded_${name}.cpp")
  add_custom_command(
    OUTPUT "${header}" "${source}" "${table}"
    COMMAND /usr/bin/python3 "${CMAKE_SOURCE_DIR}/tools/embed_files.py" --name ${name} --folder "${folder}" --glob
            "${EMBED_GLOB}" --out "${out}"
    DEPENDS ${files} "${CMAKE_SOURCE_DIR}/tools/embed_files.py"
    COMMENT "Embedding ${name}"
    VERBATIM)
  set_source_files_properties("${source}" PROPERTIES LANGUAGE ASM OBJECT_DEPENDS "${files}")
  target_sources(${target} PRIVATE "${header}" "${source}" "${table}")
  target_include_directories(${target} PUBLIC "${out}")
endfunction()
