#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/sealed_file.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

/// A recorded file opened for reading: one per request (not thread-safe), any ranges.
struct OpenedFile {
  std::string name;
  std::string content_type;  ///< video/mp4, video/x-matroska
  std::uint64_t size = 0;
  std::string sha256;  ///< fit for an ETag: the file never changes
  SealedFileReader reader;
};

class Recordings {
 public:
  static constexpr std::chrono::minutes kTicketLife{15};

  explicit Recordings(Core& core) : core_(core) {}

  /// `recording.unknown` (404) before the answer.
  [[nodiscard]] Result<RecordingView> get(const Caller& caller, const std::string& interview);
  /// `recording.unknown` (404) for a name that is not listed; `recording.deleted` (410).
  [[nodiscard]] Result<OpenedFile> open(const Caller& caller, const std::string& interview, const std::string& name);
  /// The same for a page that carries `?ticket=`. `ticket.invalid` (401).
  [[nodiscard]] Result<OpenedFile> open_by_ticket(std::string_view ticket, const std::string& interview,
                                                  const std::string& name);
  /// `recording.deleted` (410).
  [[nodiscard]] Result<TicketView> create_ticket(const Caller& caller, const std::string& interview);

 private:
  Core& core_;
};

}  // namespace tw::service
