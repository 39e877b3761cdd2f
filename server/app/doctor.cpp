#include "app/doctor.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

extern "C" {
#include <libavcodec/avcodec.h>
}
#include <fontconfig/fontconfig.h>

#include "app/local_addresses.hpp"

namespace tw::app {
namespace {

constexpr std::uintmax_t kMiB = std::uintmax_t{1024} * 1024;
constexpr rlim_t kLeastOpenFiles = 4096;  // two sockets and a few files a call, with room to spare

std::filesystem::path nearest_existing(std::filesystem::path path) {
  path = std::filesystem::absolute(path);
  while (!path.empty() && !std::filesystem::exists(path) && path != path.root_path()) path = path.parent_path();
  return path;
}

Finding examine_folder(const Config& config) {
  const auto folder = nearest_existing(config.server.data_dir);
  if (::access(folder.c_str(), W_OK) != 0) {
    return {Verdict::bad, "The data folder " + config.server.data_dir + " cannot be written (" + std::strerror(errno) +
                              "). Make it, or change server.data_dir."};
  }
  return {Verdict::good, "The data folder " + config.server.data_dir + " can be written."};
}

Finding examine_space(const Config& config) {
  std::error_code error;
  const auto space = std::filesystem::space(nearest_existing(config.server.data_dir), error);
  if (error) return {Verdict::bad, "The free space of the data folder cannot be read: " + error.message() + "."};
  const auto free_mb = space.available / kMiB;
  const auto reserve_mb = static_cast<std::uintmax_t>(config.recording.reserve_mb);
  const std::string amount = std::to_string(free_mb) + " MiB free for recordings";
  if (free_mb <= reserve_mb) {
    return {Verdict::bad, amount + ", not more than recording.reserve_mb (" + std::to_string(reserve_mb) +
                              "): no interview would be accepted. Free some space."};
  }
  if (free_mb < reserve_mb * 10) {
    return {Verdict::warning, amount + ": an hour of conversation takes about 1,500 MiB. Plan for more."};
  }
  return {Verdict::good, amount + "."};
}

bool can_bind(int family, int type, const std::string& address, std::uint16_t port) {
  const int descriptor = ::socket(family, type | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  const int yes = 1;
  if (type == SOCK_STREAM) ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  bool bound = false;
  if (family == AF_INET) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    bound = ::inet_pton(AF_INET, address.c_str(), &to.sin_addr) == 1 &&
            ::bind(descriptor, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  } else {
    ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(port);
    bound = ::inet_pton(AF_INET6, address.c_str(), &to.sin6_addr) == 1 &&
            ::bind(descriptor, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  const int error = errno;
  ::close(descriptor);
  errno = error;
  return bound;
}

Finding examine_port(const std::string& what, int type, const std::string& address, std::int64_t port) {
  const int family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
  const std::string where = what + " " + address + " port " + std::to_string(port);
  if (can_bind(family, type, address, static_cast<std::uint16_t>(port))) return {Verdict::good, where + " is free."};
  return {Verdict::bad,
          where + " cannot be used: " + std::strerror(errno) + ". Stop what uses it or change the setting."};
}

void examine_ports(const Config& config, std::vector<Finding>& findings) {
  for (const auto& address : config.server.listen) {
    findings.push_back(examine_port("HTTPS on", SOCK_STREAM, address, config.server.port));
  }
  std::vector<std::string> media = config.media.addresses;
  if (media.empty()) media = local_addresses();
  if (media.empty())
    findings.push_back({Verdict::bad, "This machine has no address for sound and picture; set media.addresses."});
  for (const auto& entry : media) {
    const std::string address = entry.substr(0, entry.find('='));
    findings.push_back(examine_port("Media over UDP on", SOCK_DGRAM, address, config.media.first_port));
    if (config.media.tcp) {
      findings.push_back(examine_port("Media over TCP on", SOCK_STREAM, address, config.media.first_port));
    }
  }
}

Finding examine_open_files() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < kLeastOpenFiles) {
    return {Verdict::warning, "Only " + std::to_string(limit.rlim_max) + " open files are allowed; raise it to " +
                                  std::to_string(kLeastOpenFiles) + " (ulimit -n, or LimitNOFILE in a unit)."};
  }
  return {Verdict::good, "Enough open files are allowed (" + std::to_string(limit.rlim_max) + ")."};
}

Finding examine_clock() {
  timex state{};
  const int answer = ::adjtimex(&state);
  if (answer == TIME_ERROR || (state.status & STA_UNSYNC) != 0) {
    return {Verdict::warning,
            "The clock is not synchronised by the kernel's word; evidence needs right times. Run chrony or "
            "systemd-timesyncd."};
  }
  return {Verdict::good, "The clock is synchronised."};
}

Finding examine_fonts() {
  const std::unique_ptr<FcPattern, decltype(&FcPatternDestroy)> wanted(
      FcNameParse(reinterpret_cast<const FcChar8*>("sans-serif:lang=zh-cn")), &FcPatternDestroy);
  FcConfigSubstitute(nullptr, wanted.get(), FcMatchPattern);
  FcDefaultSubstitute(wanted.get());
  FcResult result = FcResultNoMatch;
  const std::unique_ptr<FcPattern, decltype(&FcPatternDestroy)> found(FcFontMatch(nullptr, wanted.get(), &result),
                                                                      &FcPatternDestroy);
  FcCharSet* characters = nullptr;
  const bool chinese = found != nullptr &&
                       FcPatternGetCharSet(found.get(), FC_CHARSET, 0, &characters) == FcResultMatch &&
                       FcCharSetHasChar(characters, 0x9762) == FcTrue;  // 面
  if (!chinese) return {Verdict::bad, "No Chinese font for watermarks; install fonts-noto-cjk."};
  return {Verdict::good, "A Chinese font for watermarks is there."};
}

void examine_codecs(std::vector<Finding>& findings) {
  for (const char* encoder : {"libx264", "aac"}) {
    if (avcodec_find_encoder_by_name(encoder) == nullptr) {
      findings.push_back({Verdict::bad, std::string("FFmpeg lacks the encoder ") + encoder +
                                            "; install Debian's libavcodec59 with its codecs."});
    }
  }
  for (const AVCodecID decoder : {AV_CODEC_ID_VP8, AV_CODEC_ID_H264, AV_CODEC_ID_OPUS}) {
    if (avcodec_find_decoder(decoder) == nullptr) {
      findings.push_back({Verdict::bad, std::string("FFmpeg lacks the decoder ") + avcodec_get_name(decoder) + "."});
    }
  }
  findings.push_back({Verdict::good, "FFmpeg's codecs were looked at."});
}

void examine_files(const Config& config, std::vector<Finding>& findings) {
  if (config.server.tls_certificate.empty() != config.server.tls_key.empty()) {
    findings.push_back(
        {Verdict::bad, "server.tls_certificate and server.tls_key belong together; one of them is empty."});
  }
  for (const auto& path : {config.server.tls_certificate, config.server.tls_key, config.outgoing.extra_ca_file}) {
    if (!path.empty() && ::access(path.c_str(), R_OK) != 0) {
      findings.push_back({Verdict::bad, path + " cannot be read: " + std::strerror(errno) + "."});
    }
  }
  const std::filesystem::path key = config.keys.master_key_file.empty()
                                        ? std::filesystem::path(config.server.data_dir) / "keys" / "master.key"
                                        : std::filesystem::path(config.keys.master_key_file);
  struct stat facts {};
  if (::stat(key.c_str(), &facts) == 0 && (facts.st_mode & 077) != 0) {
    findings.push_back({Verdict::bad, key.string() + " can be read by others; chmod 600 it."});
  }
}

}  // namespace

std::vector<Finding> examine(const Config& config) {
  std::vector<Finding> findings{examine_folder(config), examine_space(config), examine_open_files(), examine_clock(),
                                examine_fonts()};
  examine_ports(config, findings);
  examine_codecs(findings);
  examine_files(config, findings);
  return findings;
}

bool print(const std::vector<Finding>& findings, std::ostream& out) {
  bool fine = true;
  for (const auto& finding : findings) {
    const char* mark = finding.verdict == Verdict::good      ? "  ok  "
                       : finding.verdict == Verdict::warning ? " warn "
                                                             : " BAD  ";
    out << '[' << mark << "] " << finding.sentence << '\n';
    fine = fine && finding.verdict != Verdict::bad;
  }
  return fine;
}

}  // namespace tw::app
