# A room is a folder of server/ with one static library tw_<room> and one test program <room>_test.
# Sources are found by name: *_test.cpp and *_test_support.cpp belong to the test program, the rest to the library.
#
#   tw_room(media DEPS base crypto LIBS OpenSSL::Crypto TEST_LIBS srtp2)

function(tw_room name)
  cmake_parse_arguments(ROOM "" "" "DEPS;LIBS;TEST_LIBS;EXCLUDE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  set(test_sources ${sources})
  list(FILTER test_sources INCLUDE REGEX "_test(_support)?\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_test(_support)?\\.cpp$")
  foreach(pattern IN LISTS ROOM_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${pattern}")
  endforeach()
  list(TRANSFORM ROOM_DEPS PREPEND tw_)

  if(NOT sources)  # a room whose first source is still to come
    set(sources "${CMAKE_CURRENT_BINARY_DIR}/empty.cpp")
    file(WRITE "${sources}" "")
  endif()
  add_library(tw_${name} STATIC ${sources})
  target_link_libraries(tw_${name} PUBLIC tw_options ${ROOM_DEPS} ${ROOM_LIBS} Threads::Threads)

  if(test_sources AND NOT TW_FUZZ)
    add_executable(${name}_test ${test_sources})
    target_link_libraries(${name}_test PRIVATE tw_${name} ${ROOM_TEST_LIBS} GTest::gtest GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 300)
  endif()
endfunction()
