#include "crypto/master_key.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "crypto/durable_file.hpp"

namespace tw {
namespace {

constexpr const char* kEnvironmentName = "TELEWITNESS_MASTER_KEY";
/// A key is 44 characters; room for white space around it.
constexpr std::size_t kMostTextBytes = 256;

void wipe(std::string& text) { OPENSSL_cleanse(text.data(), text.size()); }

Result<SecretKey> parse(std::string text, std::string_view where) {
  const auto malformed = [&] {
    return fail(ErrorKind::invalid, "master_key.malformed",
                "The master key from " + std::string(where) +
                    " is not the base64 of 32 bytes; give one made with: openssl rand -base64 32");
  };
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  if (first == std::string::npos) return malformed();
  auto bytes = from_base64(std::string_view(text).substr(first, last - first + 1));
  wipe(text);
  if (!bytes) return malformed();
  auto key = SecretKey::from_bytes(*bytes);
  OPENSSL_cleanse(bytes->data(), bytes->size());
  if (!key) return malformed();
  return key;
}

struct CloseCommand {
  int* status;
  void operator()(std::FILE* pipe) const { *status = ::pclose(pipe); }
};

Result<SecretKey> from_command(const std::string& command) {
  const auto failed = [] {
    return fail(ErrorKind::unavailable, "master_key.command_failed",
                "keys.master_key_command did not end with exit code 0; run it by hand to see why.");
  };
  std::string text(kMostTextBytes, '\0');
  int status = -1;
  {
    const std::unique_ptr<std::FILE, CloseCommand> pipe(::popen(command.c_str(), "re"), CloseCommand{&status});
    if (!pipe) return failed();
    text.resize(std::fread(text.data(), 1, text.size(), pipe.get()));
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    wipe(text);
    return failed();
  }
  return parse(std::move(text), "keys.master_key_command");
}

Result<SecretKey> make_file(const std::filesystem::path& file, Random& random) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);  // writing tells what is wrong
  auto key = SecretKey::make(random);
  std::string text = to_base64(key.bytes()) + "\n";
  auto written = write_file_durably(file, text, S_IRUSR | S_IWUSR);
  wipe(text);
  if (!written) return tl::unexpected(written.error());
  return key;
}

Result<SecretKey> from_file(const MasterKeySource& source, Random& random) {
  struct stat facts {};
  if (::stat(source.file.c_str(), &facts) != 0) {
    if (errno == ENOENT && source.may_create) return make_file(source.file, random);
    return fail(
        ErrorKind::not_found, "master_key.missing",
        "There is no master key: put the file " + source.file.filename().string() +
            " back from its backup, or set TELEWITNESS_MASTER_KEY. Without it nothing that was sealed can be read.");
  }
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(ErrorKind::forbidden, "master_key.readable_by_others",
                "The master key file can be read by others; run: chmod 600 " + source.file.filename().string());
  }
  auto text = read_small_file(source.file, kMostTextBytes);
  if (!text) return tl::unexpected(text.error());
  return parse(std::move(*text), source.file.filename().string());
}

}  // namespace

Result<SecretKey> load_master_key(const MasterKeySource& source, Random& random) {
  if (const char* text = std::getenv(kEnvironmentName); text != nullptr && *text != '\0')
    return parse(text, kEnvironmentName);
  if (!source.command.empty()) return from_command(source.command);
  return from_file(source, random);
}

}  // namespace tw
