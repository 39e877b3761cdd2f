#include "processing/message.hpp"

#include <openssl/crypto.h>

#include <boost/json.hpp>
#include <stdexcept>

namespace tw::processing {
namespace {

namespace json = boost::json;

tl::unexpected<Error> malformed() {
  return fail(ErrorKind::internal, "processor.protocol",
              "A message between server and processor is malformed; both must be the same version.");
}

Bytes copy_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

json::object write_watermark(const recording::Watermark& mark) {
  return {{"company", mark.company}, {"place", mark.place}, {"timeZone", mark.time_zone}};
}

std::string text(const json::object& object, std::string_view key) { return std::string(object.at(key).as_string()); }
std::int64_t number(const json::object& object, std::string_view key) {
  return object.at(key).to_number<std::int64_t>();
}

/// Of a file inside the recording's folder. The processor decodes what customers sent: what it says must not lead the
/// server elsewhere.
std::string file_name(const json::object& object) {
  std::string name = text(object, "name");
  if (name.empty() || name.front() == '.' || name.find_first_of(std::string_view("/\0", 2)) != std::string::npos) {
    throw std::invalid_argument("no name of a file");
  }
  return name;
}

recording::Watermark read_watermark(const json::object& object) {
  return {.company = text(object, "company"), .place = text(object, "place"), .time_zone = text(object, "timeZone")};
}

/// Boost.JSON tells what is missing or of another type by exceptions.
template <class Read>
auto reading(const Message& message, MessageKind kind, std::size_t blobs, Read read)
    -> Result<decltype(read(std::declval<const json::object&>()))> {
  if (message.kind != kind || message.blobs.size() != blobs) return malformed();
  try {
    return read(json::parse(message.json).as_object());
  } catch (const std::exception&) {
    return malformed();
  }
}

}  // namespace

Message to_message(const recording::PhotoJob& job) {
  const json::object object{{"codec", static_cast<int>(job.codec)},
                            {"rotation", static_cast<int>(job.rotation)},
                            {"capturedAt", to_micros(job.captured_at)},
                            {"watermark", write_watermark(job.watermark)},
                            {"still", job.still}};
  return {.kind = MessageKind::photograph, .json = json::serialize(object), .blobs = {job.frame}};
}

Result<recording::PhotoJob> photo_job_in(Message& message) {
  return reading(message, MessageKind::photograph, 1, [&](const json::object& object) {
    return recording::PhotoJob{.codec = static_cast<media::Codec>(number(object, "codec")),
                               .frame = std::move(message.blobs[0]),
                               .rotation = static_cast<media::Rotation>(number(object, "rotation")),
                               .captured_at = from_micros(number(object, "capturedAt")),
                               .watermark = read_watermark(object.at("watermark").as_object()),
                               .still = object.at("still").as_bool()};
  });
}

Message to_message(const recording::ComposeJob& job) {
  json::array parts(job.parts.begin(), job.parts.end());
  json::array people;
  for (const auto& person : job.people) {
    json::array successors;
    for (const auto& next : person.successors)
      successors.push_back({{"from", to_micros(next.from)}, {"caption", next.caption}});
    people.push_back({{"participant", person.participant},
                      {"caption", person.caption},
                      {"always", person.always},
                      {"successors", std::move(successors)}});
  }
  json::array events;
  for (const auto& event : job.events) {
    events.push_back({{"at", to_micros(event.at)}, {"kind", event.kind}, {"title", event.title}});
  }
  const json::object object{{"folder", job.folder.string()}, {"name", job.name},
                            {"parts", std::move(parts)},     {"watermark", write_watermark(job.watermark)},
                            {"people", std::move(people)},   {"threads", job.threads},
                            {"mirror", job.mirror.string()}, {"layout", static_cast<int>(job.layout)},
                            {"events", std::move(events)}};
  return {.kind = MessageKind::compose, .json = json::serialize(object), .blobs = {copy_of(job.key.bytes())}};
}

Result<recording::ComposeJob> compose_job_in(Message& message) {
  if (message.blobs.size() != 1) return malformed();
  auto key = SecretKey::from_bytes(message.blobs[0]);
  OPENSSL_cleanse(message.blobs[0].data(), message.blobs[0].size());
  if (!key) return tl::unexpected(key.error());
  return reading(message, MessageKind::compose, 1, [&](const json::object& object) {
    recording::ComposeJob job{.folder = text(object, "folder"),
                              .name = text(object, "name"),
                              .parts = {},
                              .key = std::move(*key),
                              .watermark = read_watermark(object.at("watermark").as_object()),
                              .people = {},
                              .threads = static_cast<std::uint32_t>(number(object, "threads")),
                              .mirror = text(object, "mirror"),
                              .layout = static_cast<recording::LayoutStyle>(number(object, "layout"))};
    for (const auto& part : object.at("parts").as_array()) job.parts.emplace_back(part.as_string());
    for (const auto& value : object.at("people").as_array()) {
      const auto& person = value.as_object();
      job.people.push_back({text(person, "participant"), text(person, "caption"), person.at("always").as_bool(), {}});
      for (const auto& next : person.at("successors").as_array())
        job.people.back().successors.push_back(
            {from_micros(number(next.as_object(), "from")), text(next.as_object(), "caption")});
    }
    for (const auto& value : object.at("events").as_array()) {
      const auto& event = value.as_object();
      job.events.push_back({from_micros(number(event, "at")), text(event, "kind"), text(event, "title")});
    }
    return job;
  });
}

Message to_message(recording::PhotoResult result) {
  const json::object object{{"width", result.width}, {"height", result.height}};
  Message message{.kind = MessageKind::photographed, .json = json::serialize(object), .blobs = {}};
  message.blobs.push_back(std::move(result.original));
  message.blobs.push_back(std::move(result.watermarked));
  return message;
}

Result<recording::PhotoResult> photo_result_in(Message& message) {
  return reading(message, MessageKind::photographed, 2, [&](const json::object& object) {
    return recording::PhotoResult{.original = std::move(message.blobs[0]),
                                  .watermarked = std::move(message.blobs[1]),
                                  .width = object.at("width").to_number<std::uint32_t>(),
                                  .height = object.at("height").to_number<std::uint32_t>()};
  });
}

Message to_message(const recording::ComposeResult& result) {
  json::array files;
  for (const auto& file : result.files) {
    json::object entry{{"name", file.name},
                       {"composed", file.composed},
                       {"participant", file.participant},
                       {"stream", file.stream},
                       {"sizeBytes", file.size_bytes},
                       {"sha256", file.sha256},
                       {"durationMs", file.duration_ms}};
    if (file.av_offset_ms) entry["avOffsetMs"] = *file.av_offset_ms;
    files.push_back(std::move(entry));
  }
  json::array chapters;
  for (const auto& chapter : result.chapters) {
    chapters.push_back({{"atMs", chapter.at_ms}, {"kind", chapter.kind}, {"title", chapter.title}});
  }
  json::array gaps;
  for (const auto& gap : result.gaps) {
    gaps.push_back({{"fromMs", gap.from_ms}, {"toMs", gap.to_ms}, {"cause", gap.cause}});
  }
  json::object object{{"files", std::move(files)},
                      {"durationMs", result.duration_ms},
                      {"recovered", result.recovered},
                      {"gaps", std::move(gaps)},
                      {"chapters", std::move(chapters)}};
  if (result.av_offset_ms) object["avOffsetMs"] = *result.av_offset_ms;
  return {.kind = MessageKind::composed, .json = json::serialize(object), .blobs = {}};
}

Result<recording::ComposeResult> compose_result_in(const Message& message) {
  return reading(message, MessageKind::composed, 0, [](const json::object& object) {
    recording::ComposeResult result;
    for (const auto& value : object.at("files").as_array()) {
      const auto& file = value.as_object();
      result.files.push_back({.name = file_name(file),
                              .composed = file.at("composed").as_bool(),
                              .participant = text(file, "participant"),
                              .size_bytes = file.at("sizeBytes").to_number<std::uint64_t>(),
                              .sha256 = text(file, "sha256"),
                              .duration_ms = number(file, "durationMs"),
                              .av_offset_ms = {},
                              .stream = text(file, "stream")});
      if (const auto* offset = file.if_contains("avOffsetMs"))
        result.files.back().av_offset_ms = offset->to_number<double>();
    }
    for (const auto& value : object.at("chapters").as_array()) {
      const auto& chapter = value.as_object();
      result.chapters.push_back({number(chapter, "atMs"), text(chapter, "kind"), text(chapter, "title")});
    }
    for (const auto& value : object.at("gaps").as_array()) {
      const auto& gap = value.as_object();
      result.gaps.push_back({number(gap, "fromMs"), number(gap, "toMs"), text(gap, "cause")});
    }
    result.duration_ms = number(object, "durationMs");
    result.recovered = object.at("recovered").as_bool();
    if (const auto* offset = object.if_contains("avOffsetMs")) result.av_offset_ms = offset->to_number<double>();
    return result;
  });
}

Message to_message(const recording::PrepareMediaJob& job) {
  const json::object object{{"source", static_cast<int>(job.source)},
                            {"file", job.file.string()},
                            {"text", job.text},
                            {"language", job.language},
                            {"folder", job.folder.string()},
                            {"forPages", job.for_pages}};
  return {.kind = MessageKind::prepare_media, .json = json::serialize(object), .blobs = {copy_of(job.key.bytes())}};
}

Result<recording::PrepareMediaJob> prepare_media_job_in(Message& message) {
  if (message.blobs.size() != 1) return malformed();
  auto key = SecretKey::from_bytes(message.blobs[0]);
  OPENSSL_cleanse(message.blobs[0].data(), message.blobs[0].size());
  if (!key) return tl::unexpected(key.error());
  return reading(message, MessageKind::prepare_media, 1, [&](const json::object& object) {
    return recording::PrepareMediaJob{
        .source = static_cast<recording::PrepareMediaJob::Source>(number(object, "source")),
        .file = text(object, "file"),
        .text = text(object, "text"),
        .language = text(object, "language"),
        .folder = text(object, "folder"),
        .key = std::move(*key),
        .for_pages = object.at("forPages").as_bool()};
  });
}

Message to_message(const recording::PrepareMediaResult& result) {
  const json::object object{
      {"durationMs", result.duration_ms}, {"hasSound", result.has_sound},   {"width", result.width},
      {"height", result.height},          {"sizeBytes", result.size_bytes}, {"pageBytes", result.page_bytes},
      {"sha256", result.sha256}};
  return {.kind = MessageKind::media_prepared, .json = json::serialize(object), .blobs = {}};
}

Result<recording::PrepareMediaResult> prepare_media_result_in(const Message& message) {
  return reading(message, MessageKind::media_prepared, 0, [](const json::object& object) {
    return recording::PrepareMediaResult{.duration_ms = number(object, "durationMs"),
                                         .has_sound = object.at("hasSound").as_bool(),
                                         .width = object.at("width").to_number<std::uint32_t>(),
                                         .height = object.at("height").to_number<std::uint32_t>(),
                                         .size_bytes = object.at("sizeBytes").to_number<std::uint64_t>(),
                                         .page_bytes = object.at("pageBytes").to_number<std::uint64_t>(),
                                         .sha256 = text(object, "sha256")};
  });
}

Message to_message(const Error& error) {
  const json::object object{{"kind", static_cast<int>(error.kind)}, {"code", error.code}, {"message", error.message}};
  return {.kind = MessageKind::failed, .json = json::serialize(object), .blobs = {}};
}

Error error_in(const Message& message) {
  const auto read = reading(message, MessageKind::failed, 0, [](const json::object& object) {
    return Error{static_cast<ErrorKind>(number(object, "kind")), text(object, "code"), text(object, "message"), {}};
  });
  return read ? *read : read.error();
}

Message progress_message(int percent) {
  return {.kind = MessageKind::progress, .json = json::serialize(json::object{{"percent", percent}}), .blobs = {}};
}

int progress_in(const Message& message) {
  const auto percent = reading(message, MessageKind::progress, 0,
                               [](const json::object& object) { return static_cast<int>(number(object, "percent")); });
  return percent.value_or(0);
}

}  // namespace tw::processing
