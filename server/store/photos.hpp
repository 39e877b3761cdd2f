#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/database.hpp"

namespace tw::store {

struct PhotoRow {
  TenantId tenant;
  PhotoId id;
  InterviewId interview;
  std::string status = "pending";
  std::string failure;
  WallTime taken_at;
  AgentId taken_by;
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::string sha256;
  std::string watermarked_sha256;
  std::int64_t original_bytes = 0;
  std::int64_t watermarked_bytes = 0;
  std::string wrapped_key;
  std::optional<WallTime> deleted_at;
  std::string deleted_by;
  std::string category = "other";       ///< portrait, id_front, id_back, signature, other
  std::string source = "cloud";         ///< cloud, local
  std::string replaces;                 ///< id of the photo that this was taken instead of; empty: none
  std::optional<WallTime> asked_until;  ///< while the customer's device is asked for it
};

namespace photos {

void insert(Transaction& transaction, const PhotoRow& photo);
/// Everything but who took it, what it shows and its key.
void update(Transaction& transaction, const PhotoRow& photo);
[[nodiscard]] std::optional<PhotoRow> find(Connection& connection, const TenantId& tenant, const InterviewId& interview,
                                           const PhotoId& photo);
/// In the order in which they were taken, deleted ones too.
[[nodiscard]] std::vector<PhotoRow> of_interview(Connection& connection, const TenantId& tenant,
                                                 const InterviewId& interview);
struct Key {
  TenantId tenant;
  InterviewId interview;
  PhotoId photo;
};
/// Of all tenants: those that a crash left pending.
[[nodiscard]] std::vector<Key> pending(Connection& connection);
/// Of all tenants: those that a device was asked for and that did not come in time.
[[nodiscard]] std::vector<Key> due(Connection& connection, WallTime now, std::size_t most);
[[nodiscard]] std::optional<WallTime> first_deadline(Connection& connection);

}  // namespace photos
}  // namespace tw::store
