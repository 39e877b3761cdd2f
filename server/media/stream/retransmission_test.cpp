#include <gtest/gtest.h>

#include <array>

#include "media/stream/received_window.hpp"
#include "media/stream/retransmission_buffer.hpp"

namespace tw::media {
namespace {

using std::chrono::milliseconds;

constexpr SteadyTime kStart{std::chrono::hours{1}};
constexpr std::chrono::microseconds kRoundTrip{40'000};

Bytes packet_of(std::uint16_t sequence, std::size_t payload_bytes = 20) {
  Bytes packet(kMaxPacketBytes);
  const std::array<std::uint8_t, 1> mid{'0'};
  const std::array extensions{RtpExtension{4, mid}};
  const std::size_t header = write_rtp_header(packet, {true, 96, sequence, 9'000, 0x1111}, extensions);
  packet.resize(header + payload_bytes);
  for (std::size_t i = 0; i < payload_bytes; ++i) packet[header + i] = static_cast<std::uint8_t>(sequence + i);
  return packet;
}

TEST(RetransmissionBuffer, GivesBackWhatWasSentUnderItsNumber) {
  RetransmissionBuffer buffer;
  buffer.store(7, packet_of(7), kStart);
  buffer.store(8, packet_of(8), kStart);
  const ByteView found = buffer.take(7, kStart, {kRoundTrip});
  EXPECT_EQ(Bytes(found.begin(), found.end()), packet_of(7));
  EXPECT_TRUE(buffer.take(9, kStart, {kRoundTrip}).empty());
}

TEST(RetransmissionBuffer, ForgetsTheOldestWhenFull) {
  RetransmissionBuffer buffer;
  for (std::uint16_t i = 0; i <= PacketHistory::kPackets; ++i) buffer.store(i, packet_of(i), kStart);
  EXPECT_TRUE(buffer.take(0, kStart, {kRoundTrip}).empty());
  EXPECT_FALSE(buffer.take(1, kStart, {kRoundTrip}).empty());
  EXPECT_FALSE(buffer.take(PacketHistory::kPackets, kStart, {kRoundTrip}).empty());
}

TEST(RetransmissionBuffer, KeepsAsManyBytesAsItsRingHoldsAndNoBrokenPacket) {
  constexpr std::size_t kPayload = 1'137;
  const std::size_t bytes = packet_of(0, kPayload).size();
  const auto fit = static_cast<std::uint16_t>(PacketHistory::kBytes / bytes);
  RetransmissionBuffer buffer;
  // Three times round the ring, with sequence numbers that wrap.
  std::uint16_t sequence = 65'400;
  for (int i = 0; i < 3 * fit; ++i) {
    ++sequence;
    buffer.store(sequence, packet_of(sequence, kPayload), kStart);
  }
  std::uint16_t kept = 0;
  for (std::uint16_t back = 0; back < 2 * fit; ++back) {
    const auto number = static_cast<std::uint16_t>(sequence - back);
    const ByteView found = buffer.take(number, kStart + milliseconds{500}, {kRoundTrip});
    if (found.empty()) continue;
    EXPECT_EQ(Bytes(found.begin(), found.end()), packet_of(number, kPayload)) << back;
    EXPECT_EQ(back, kept) << "the newest ones are kept, without a hole";
    ++kept;
  }
  EXPECT_GE(kept, fit - 1);
  EXPECT_LE(kept, fit);
}

TEST(RetransmissionBuffer, SendsAPacketAgainAtMostOnceARoundTrip) {
  RetransmissionBuffer buffer;
  buffer.store(7, packet_of(7), kStart);
  EXPECT_FALSE(buffer.take(7, kStart, {kRoundTrip}).empty());
  EXPECT_TRUE(buffer.take(7, kStart + milliseconds{39}, {kRoundTrip}).empty());
  EXPECT_FALSE(buffer.take(7, kStart + milliseconds{40}, {kRoundTrip}).empty());
}

TEST(RetransmissionBuffer, DoesNotSendWhatIsTooOldToBePlayed) {
  RetransmissionBuffer buffer;
  buffer.store(7, packet_of(7), kStart);
  EXPECT_FALSE(buffer.take(7, kStart + PacketHistory::kMaxAge, {kRoundTrip}).empty());
  buffer.store(8, packet_of(8), kStart);
  EXPECT_TRUE(buffer.take(8, kStart + PacketHistory::kMaxAge + milliseconds{1}, {kRoundTrip}).empty());
}

TEST(RetransmissionBuffer, SpendsABudgetASecond) {
  RetransmissionBuffer buffer;
  const Bytes packet = packet_of(1, 1'200);
  std::size_t sent = 0;
  for (std::uint16_t i = 0; i < PacketHistory::kPackets; ++i) {
    buffer.store(i, packet, kStart);
    sent += buffer.take(i, kStart, {kRoundTrip}).size();
  }
  EXPECT_LE(sent, RetransmissionLimiter::kMaxBytesPerSecond);
  EXPECT_GT(sent, RetransmissionLimiter::kMaxBytesPerSecond - 2 * packet.size());
  EXPECT_FALSE(buffer.take(PacketHistory::kPackets - 1, kStart + std::chrono::seconds{1}, {kRoundTrip}).empty());
}

TEST(RetransmissionBuffer, SpendsLessWhereThePathIsNarrow) {
  RetransmissionBuffer buffer;
  const Bytes packet = packet_of(1, 1'200);
  const RetransmissionLimiter::Limits narrow{kRoundTrip, 3 * packet.size()};
  std::size_t sent = 0;
  for (std::uint16_t i = 0; i < 10; ++i) {
    buffer.store(i, packet, kStart);
    sent += buffer.take(i, kStart, narrow).size();
  }
  EXPECT_EQ(sent, narrow.bytes_per_second);
  EXPECT_FALSE(buffer.take(9, kStart, {kRoundTrip}).empty()) << "it widens at once";
}

/// Keeps one packet until it is told to use its memory again.
class Keeper final : public PacketKeeper {
 public:
  [[nodiscard]] const std::uint8_t* kept(std::uint64_t place) const override {
    return place == valid ? bytes.data() : nullptr;
  }
  Bytes bytes = packet_of(5);
  std::uint64_t valid = 77;
};

TEST(PacketHistory, ReadsWhatSomebodyElseKeepsForAsLongAsTheyDo) {
  Keeper keeper;
  PacketHistory history;
  history.refer(5, {&keeper, 77}, keeper.bytes.size(), kStart);
  history.store(6, packet_of(6), kStart);
  const ByteView found = history.find(5, kStart);
  EXPECT_EQ(found.data(), keeper.bytes.data()) << "not a copy";
  EXPECT_EQ(found.size(), keeper.bytes.size());
  EXPECT_TRUE(history.find(5 + PacketHistory::kPackets, kStart).empty()) << "another number in the same place";
  EXPECT_TRUE(history.find(5, kStart + PacketHistory::kMaxAge + milliseconds{1}).empty());
  keeper.valid = 78;
  EXPECT_TRUE(history.find(5, kStart).empty()) << "the memory holds something else";
  keeper.valid = 77;
  history.forget_kept();
  EXPECT_TRUE(history.find(5, kStart).empty()) << "the keeper may be gone";
  EXPECT_FALSE(history.find(6, kStart).empty()) << "copies stay";
}

TEST(RetransmissionBuffer, LeavesOutWhatIsLongerThanAPacket) {
  RetransmissionBuffer buffer;
  buffer.store(7, Bytes(kMaxPacketBytes + 1), kStart);
  EXPECT_TRUE(buffer.take(7, kStart, {kRoundTrip}).empty());
}

TEST(Rtx, ComesBackAsThePacketThatWasLost) {
  const Bytes original = packet_of(4'711);
  std::array<std::uint8_t, kMaxPacketBytes> rtx{};
  const std::size_t bytes = write_rtx(rtx, original, 0x2222, 97, 5);
  ASSERT_EQ(bytes, original.size() + 2);
  const auto header = RtpPacketView::parse(ByteView(rtx).first(bytes));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->ssrc, 0x2222U);
  EXPECT_EQ(header->payload_type, 97);
  EXPECT_EQ(header->sequence, 5);
  EXPECT_TRUE(header->marker);

  const std::size_t restored = RtxReceiver(0x1111, 96).restore(std::span(rtx).first(bytes));
  EXPECT_EQ(Bytes(rtx.begin(), rtx.begin() + static_cast<std::ptrdiff_t>(restored)), original);
}

TEST(Rtx, DropsItsOwnPaddingFromTheOriginal) {
  const Bytes original = packet_of(9);
  Bytes rtx(kMaxPacketBytes);
  rtx.resize(write_rtx(rtx, original, 0x2222, 97, 5));
  rtx[0] |= 0x20;
  rtx.insert(rtx.end(), {0, 0, 3});
  const std::size_t restored = RtxReceiver(0x1111, 96).restore(rtx);
  EXPECT_EQ(Bytes(rtx.begin(), rtx.begin() + static_cast<std::ptrdiff_t>(restored)), original);
}

TEST(Rtx, OfPaddingOnlyCarriesNothing) {
  Bytes probe(kMaxPacketBytes);
  const std::size_t header = write_rtp_header(probe, {false, 97, 1, 1, 0x2222}, {});
  probe.resize(header + 4);
  probe[0] |= 0x20;
  probe.back() = 4;
  EXPECT_EQ(RtxReceiver(0x1111, 96).restore(probe), 0U);
}

TEST(Rtx, ThatDoesNotFitIsNotWritten) {
  const Bytes original = packet_of(9);
  Bytes small(original.size() + 1);
  EXPECT_EQ(write_rtx(small, original, 1, 97, 1), 0U);
}

TEST(ReceivedWindow, CountsEachSequenceOnce) {
  ReceivedWindow window;
  struct Step {
    std::uint64_t sequence;
    bool fresh;
  };
  const Step steps[] = {{70'000, true}, {70'001, true}, {70'001, false}, {69'999, true}, {69'999, false},
                        {70'010, true}, {70'005, true}, {70'005, false}, {70'000, false}};
  for (const auto& step : steps) EXPECT_EQ(window.insert(step.sequence), step.fresh) << step.sequence;
}

TEST(ReceivedWindow, TakesTheOldestItRemembersAndNotOneOlder) {
  ReceivedWindow window;
  EXPECT_TRUE(window.insert(100'000));
  EXPECT_TRUE(window.insert(100'000 - ReceivedWindow::kPackets + 1));
  EXPECT_FALSE(window.insert(100'000 - ReceivedWindow::kPackets));
}

TEST(ReceivedWindow, ForgetsWhatAJumpLeavesBehind) {
  ReceivedWindow window;
  EXPECT_TRUE(window.insert(100));
  EXPECT_TRUE(window.insert(100 + ReceivedWindow::kPackets * 3));
  EXPECT_TRUE(window.insert(101 + ReceivedWindow::kPackets * 2));
}

}  // namespace
}  // namespace tw::media
