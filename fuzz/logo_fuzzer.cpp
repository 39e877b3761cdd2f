// A company's logo: what is kept of a picture is read again as it is, and has a size that pages can show.
#include "fuzz/fuzz_input.hpp"
#include "service/accounts/logo_picture.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tw::service::kLeastLogoSide;
  using tw::service::kMostLogoSide;
  const auto read = tw::service::read_logo({data, size});
  if (!read) return 0;
  tw::fuzz::require(read->bytes.size() <= size);
  for (const std::int64_t side : {read->width, read->height}) {
    tw::fuzz::require(side >= kLeastLogoSide && side <= kMostLogoSide);
  }
  const auto again = tw::service::read_logo(read->bytes);
  tw::fuzz::require(again && again->bytes == read->bytes && again->width == read->width);
  return 0;
}
