#pragma once

#include <string>
#include <string_view>

#include "base/encoding.hpp"
#include "base/result.hpp"
#include "recording/processor.hpp"
#include "service/caller.hpp"
#include "service/work.hpp"
#include "store/photos.hpp"

/// What the agent's and the customer's use cases of photos have in common: making, sealing, reading, deleting.
namespace tw::service {

inline constexpr const char* kPhotoOriginal = "original";
inline constexpr const char* kPhotoWatermarked = "watermarked";

/// A photo that is to be made.
struct PhotoOrder {
  store::PhotoRow photo;
  recording::Watermark watermark;
  Bytes still{};  ///< what the customer's device took; empty: the server takes its own copy of the stream
};

[[nodiscard]] tl::unexpected<Error> photo_unknown();
/// The photo of this interview, deleted ones too. `photo.unknown` (404).
[[nodiscard]] Result<store::PhotoRow> find_photo(store::Connection& connection, const TenantId& tenant,
                                                 const InterviewId& interview, const std::string& photo);
[[nodiscard]] Result<recording::Watermark> watermark_of(store::Connection& connection,
                                                        const store::InterviewRecord& record);
/// Camera or still, processor, sealed files: on a job thread, because it takes too long for a request. False when the
/// queue is full: the photo has failed then.
[[nodiscard]] bool post_photo(Core& core, PhotoOrder order);
/// The photo has failed for this reason: its row and the timeline tell.
[[nodiscard]] Result<void> fail_photo(Work& work, store::InterviewRecord& record, store::PhotoRow photo,
                                      const std::string& code);
/// No longer shown; logged, the original kept. `photo.unknown` (404), `photo.pending` (409).
[[nodiscard]] Result<void> delete_photo(Work& work, store::InterviewRecord& record, const Caller& caller,
                                        const std::string& photo);
/// The JPEG of a ready photo. `photo.pending`, `photo.failed` (409).
[[nodiscard]] Result<Bytes> read_photo(Core& core, const store::PhotoRow& photo, std::string_view variant);

}  // namespace tw::service
