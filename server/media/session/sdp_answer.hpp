#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "media/session/sdp_negotiation.hpp"
#include "media/wire/socket_address.hpp"

namespace tw::media {

/// The server's half of an answer.
struct AnswerParts {
  OfferRole role = OfferRole::publisher;
  std::uint64_t session_number = 0;  ///< of the o= line
  IceCredentials local;
  std::string_view sha256_fingerprint;
  std::span<const SocketAddress> candidates;
  std::span<const SocketAddress> tcp_candidates;  ///< passive (RFC 6544)
  std::uint32_t video_bitrate_bps = 0;            ///< b=TIAS, to publishers
  std::uint32_t audio_bitrate_bps = 0;
  std::string stream_id;  ///< a=msid, to viewers
  std::string cname;
};

/// An answer for a 201: lite, passive, bundled, with every candidate (RFC 9725 section 4.2, RFC 8829 section 5.3).
[[nodiscard]] std::string write_answer(const NegotiatedSession& session, const AnswerParts& parts);

/// The body that answers an ICE restart (RFC 9725 section 4.3.3, RFC 8840 section 9).
[[nodiscard]] std::string write_restart_fragment(const NegotiatedSession& session, const IceCredentials& local,
                                                 std::span<const SocketAddress> candidates,
                                                 std::span<const SocketAddress> tcp_candidates);

/// Is the value behind "a=candidate:" well formed (RFC 8839 section 5.1)? Its address may be a host name.
[[nodiscard]] bool candidate_well_formed(std::string_view candidate);

}  // namespace tw::media
