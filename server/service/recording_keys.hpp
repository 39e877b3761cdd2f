#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "service/core.hpp"
#include "store/photos.hpp"
#include "store/recordings.hpp"

namespace tw::service {

/// Keys of recordings and photos, wrapped by their tenant's. Erasing the wrapped key erases the object.
[[nodiscard]] std::string wrap_recording_key(const SecretKey& tenant_key, const RecordingId& recording,
                                             const SecretKey& key, Random& random);
[[nodiscard]] Result<SecretKey> recording_key(const Core& core, const store::RecordingRow& recording);
[[nodiscard]] std::string wrap_photo_key(const SecretKey& tenant_key, const PhotoId& photo, const SecretKey& key,
                                         Random& random);
[[nodiscard]] Result<SecretKey> photo_key(const Core& core, const store::PhotoRow& photo);

[[nodiscard]] std::filesystem::path recording_folder(const Core& core, const store::RecordingRow& recording);
/// Where its journals lie too, on another disk; empty where none is configured.
[[nodiscard]] std::filesystem::path recording_mirror(const Core& core, const store::RecordingRow& recording);
/// `variant` is original or watermarked.
[[nodiscard]] std::filesystem::path photo_file(const Core& core, const store::PhotoRow& photo,
                                               std::string_view variant);

}  // namespace tw::service
