#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>

namespace tw {

/// Where randomness comes from. Production uses the operating system's; simulations use a seed.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  [[nodiscard]] std::uint32_t u32() {
    std::uint8_t bytes[4];
    fill(bytes);
    return (std::uint32_t{bytes[0]} << 24) | (std::uint32_t{bytes[1]} << 16) | (std::uint32_t{bytes[2]} << 8) |
           bytes[3];
  }
  [[nodiscard]] std::uint64_t u64() { return (std::uint64_t{u32()} << 32) | u32(); }
};

/// getrandom(2): fit for keys. Thread-safe. Ends the process if the kernel cannot give random bytes.
class OsRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

/// Repeatable from its seed. Never for keys.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::mt19937_64 engine_;
};

}  // namespace tw
