// What a processor answers. It decodes what customers sent, so that its words are foreign ones, too.
#include "fuzz/fuzz_input.hpp"
#include "processing/message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tw::processing;
  using tw::fuzz::require;
  tw::fuzz::Input input(data, size);
  Message message;
  message.kind = static_cast<MessageKind>(input.byte());
  message.blobs.resize(input.byte() % 3);
  for (auto& blob : message.blobs) blob.assign(3, 'x');
  message.json = tw::as_text(input.rest());

  require(!error_in(message).code.empty() || message.kind == MessageKind::failed);
  (void)progress_in(message);
  if (const auto composed = compose_result_in(message)) {
    for (const auto& file : composed->files) {
      require(!file.name.empty() && file.name.find('/') == std::string::npos && file.name != "..");
    }
    const auto again = compose_result_in(to_message(*composed));
    require(again && again->files.size() == composed->files.size() && again->gaps.size() == composed->gaps.size());
  }
  if (const auto media = prepare_media_result_in(message)) {
    const auto again = prepare_media_result_in(to_message(*media));
    require(again && again->sha256 == media->sha256 && again->duration_ms == media->duration_ms);
  }
  if (const auto photo = photo_result_in(message)) require(photo->original.size() == 3);
  return 0;
}
