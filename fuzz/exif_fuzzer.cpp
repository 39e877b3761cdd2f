// How a camera was held: what a device's JPEG says about itself, and the digest that came with it.
#include "api/http/content_digest.hpp"
#include "fuzz/fuzz_input.hpp"
#include "processing/exif.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const tw::ByteView bytes(data, size);
  const auto orientation = tw::processing::exif_orientation(bytes);
  tw::fuzz::require(!orientation || (*orientation >= 1 && *orientation <= 8));
  if (const auto digest = tw::api::sha256_of_content(tw::as_text(bytes))) {
    const std::string field = "sha-256=:" + tw::to_base64(*digest) + ":";
    tw::fuzz::require(tw::as_text(bytes).find(field) != std::string_view::npos);
  }
  return 0;
}
