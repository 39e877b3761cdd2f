#include "service/recording_keys.hpp"

namespace tw::service {
namespace {

std::string wrap(const SecretKey& tenant_key, const std::string& context, const SecretKey& key, Random& random) {
  return to_base64(tenant_key.wrap(key, context, random));
}

Result<SecretKey> unwrap(const Core& core, const TenantId& tenant, const std::string& context,
                         const std::string& wrapped) {
  const auto tenant_key = core.ports().tenant_keys.of(tenant);
  if (!tenant_key) return tl::unexpected(tenant_key.error());
  const auto bytes = from_base64(wrapped);
  if (!bytes) return fail(ErrorKind::internal, "key.unwrap_failed", "The stored key of " + context + " is damaged.");
  return tenant_key->unwrap(*bytes, context);
}

std::string recording_context(const RecordingId& id) { return "recording:" + id.str(); }
std::string photo_context(const PhotoId& id) { return "photo:" + id.str(); }

}  // namespace

std::string wrap_recording_key(const SecretKey& tenant_key, const RecordingId& recording, const SecretKey& key,
                               Random& random) {
  return wrap(tenant_key, recording_context(recording), key, random);
}
Result<SecretKey> recording_key(const Core& core, const store::RecordingRow& recording) {
  return unwrap(core, recording.tenant, recording_context(recording.id), recording.wrapped_key);
}
std::string wrap_photo_key(const SecretKey& tenant_key, const PhotoId& photo, const SecretKey& key, Random& random) {
  return wrap(tenant_key, photo_context(photo), key, random);
}
Result<SecretKey> photo_key(const Core& core, const store::PhotoRow& photo) {
  return unwrap(core, photo.tenant, photo_context(photo.id), photo.wrapped_key);
}

std::filesystem::path recording_folder(const Core& core, const store::RecordingRow& recording) {
  return core.settings().recordings_folder() / recording.path;
}
std::filesystem::path recording_mirror(const Core& core, const store::RecordingRow& recording) {
  const auto& mirror = core.settings().mirror_folder;
  return mirror.empty() ? mirror : mirror / recording.path;
}
std::filesystem::path photo_file(const Core& core, const store::PhotoRow& photo, std::string_view variant) {
  return core.settings().photos_folder() / photo.tenant.str() / photo.interview.str() /
         (photo.id.str() + "." + std::string(variant));
}

}  // namespace tw::service
