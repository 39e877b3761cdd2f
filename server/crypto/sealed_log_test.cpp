#include "crypto/sealed_log.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tw {
namespace {

struct Log {
  Bytes file;
  std::vector<Bytes> plain;
  std::vector<std::size_t> ends;  ///< of header and chunks
};

SecretKey a_key() { return *SecretKey::from_bytes(Bytes(32, 9)); }

Log make_log(const std::vector<std::size_t>& lengths, std::uint64_t seed = 4) {
  SeededRandom random(seed);
  SealedLogEncoder encoder(a_key(), random);
  Log log;
  log.file = encoder.header();
  log.ends.push_back(log.file.size());
  for (const std::size_t length : lengths) {
    Bytes plain(length);
    random.fill(plain);
    const Bytes chunk = encoder.seal(plain);
    log.file.insert(log.file.end(), chunk.begin(), chunk.end());
    log.plain.push_back(std::move(plain));
    log.ends.push_back(log.file.size());
  }
  return log;
}

struct ReadBack {
  std::vector<Bytes> plain;
  std::string error;
  std::size_t left = 0;
};

ReadBack read_back(ByteView file, SecretKey key = a_key()) {
  ReadBack read;
  auto decoder = SealedLogDecoder::open(std::move(key), file);
  if (!decoder) {
    read.error = decoder.error().code;
    return read;
  }
  file = file.subspan(SealedLogDecoder::kHeaderBytes);
  for (;;) {
    auto chunk = decoder->next(file);
    if (!chunk) {
      read.error = chunk.error().code;
      break;
    }
    if (chunk->consumed == 0) break;
    read.plain.push_back(std::move(chunk->plain));
    file = file.subspan(chunk->consumed);
  }
  read.left = file.size();
  return read;
}

TEST(SealedLog, GivesBackWhatWasWritten) {
  const Log log = make_log({1, 2, 100, 65'535, SealedLogEncoder::kMaxChunkBytes, 1});
  EXPECT_EQ(log.ends.front(), SealedLogDecoder::kHeaderBytes);
  const auto read = read_back(log.file);
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.left, 0u);
  EXPECT_EQ(read.plain, log.plain);
}

TEST(SealedLog, CutAnywhereItGivesEveryWholeChunkAndNoError) {
  const Log log = make_log({1, 17, 40, 3});
  for (std::size_t cut = 0; cut <= log.file.size(); ++cut) {
    const auto read = read_back(ByteView(log.file).first(cut));
    if (cut < SealedLogDecoder::kHeaderBytes) {
      EXPECT_EQ(read.error, "sealed.not_a_log") << cut;
      continue;
    }
    std::size_t whole = 0;
    while (whole < log.plain.size() && log.ends[whole + 1] <= cut) ++whole;
    ASSERT_EQ(read.error, "") << cut;
    ASSERT_EQ(read.plain, std::vector<Bytes>(log.plain.begin(), log.plain.begin() + static_cast<std::ptrdiff_t>(whole)))
        << cut;
    ASSERT_EQ(read.left, cut - log.ends[whole]) << cut;
  }
}

TEST(SealedLog, EveryFlippedBitIsFound) {
  const Log log = make_log({5, 20, 7});
  for (std::size_t bit = 0; bit < log.file.size() * 8; ++bit) {
    Bytes changed = log.file;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    const auto read = read_back(changed);
    ASSERT_NE(read.error, "") << bit;
    // The chunks before the changed one are good; nothing of it or after it is given.
    std::size_t good = 0;
    while (good < log.plain.size() && log.ends[good + 1] <= bit / 8) ++good;
    if (bit / 8 < SealedLogDecoder::kHeaderBytes) good = 0;
    ASSERT_EQ(read.plain.size(), good) << bit;
  }
}

TEST(SealedLog, ChunksCannotBeMovedRepeatedLeftOutOrTakenFromElsewhere) {
  const Log log = make_log({30, 30, 30}, 4);
  const Log other = make_log({30, 30, 30}, 5);
  const auto chunk = [](const Log& from, std::size_t i) {
    return Bytes(from.file.begin() + static_cast<std::ptrdiff_t>(from.ends[i]),
                 from.file.begin() + static_cast<std::ptrdiff_t>(from.ends[i + 1]));
  };
  const std::vector<std::vector<Bytes>> forgeries = {{chunk(log, 1), chunk(log, 0)},
                                                     {chunk(log, 0), chunk(log, 0)},
                                                     {chunk(log, 0), chunk(log, 2)},
                                                     {chunk(log, 0), chunk(other, 1)}};
  for (const auto& forgery : forgeries) {
    Bytes file(log.file.begin(), log.file.begin() + SealedLogDecoder::kHeaderBytes);
    for (const Bytes& part : forgery) file.insert(file.end(), part.begin(), part.end());
    EXPECT_EQ(read_back(file).error, "sealed.damaged");
  }
}

TEST(SealedLog, ChunksCanBePassedOverByTheirFrontsAlone) {
  const Log log = make_log({30, 65'536, 7, 12});
  auto decoder = SealedLogDecoder::open(a_key(), log.file).value();
  const auto front = [&](std::size_t chunk) {
    return ByteView(log.file).subspan(log.ends[chunk], SealedLogDecoder::kFrontBytes);
  };
  EXPECT_EQ(decoder.skip(front(0).first(7)).value(), 0U);  // too little to tell, and nothing is passed
  EXPECT_EQ(decoder.skip(front(1)).error().code, "sealed.damaged");
  for (const std::size_t chunk : {0U, 1U, 2U}) {
    EXPECT_EQ(decoder.skip(front(chunk)).value(), log.ends[chunk + 1] - log.ends[chunk]);
  }
  EXPECT_EQ(decoder.next(ByteView(log.file).subspan(log.ends[3])).value().plain, log.plain[3]);
}

TEST(SealedLog, AnotherKeyOpensNothing) {
  const Log log = make_log({30});
  const auto read = read_back(log.file, *SecretKey::from_bytes(Bytes(32, 8)));
  EXPECT_EQ(read.error, "sealed.damaged");
  EXPECT_TRUE(read.plain.empty());
}

TEST(SealedLog, WrittenAgainUnderTheSameKeyItSharesNoKeyStream) {
  SeededRandom random(6);
  SealedLogEncoder first(a_key(), random);
  SealedLogEncoder second(a_key(), random);
  const Bytes plain(64, 0);
  EXPECT_NE(first.seal(plain), second.seal(plain));
}

TEST(SealedLog, OtherFilesAreNone) {
  for (const Bytes& header : {Bytes{}, Bytes(32, 0), Bytes(32, 0xFF)}) {
    EXPECT_EQ(SealedLogDecoder::open(a_key(), header).error().code, "sealed.not_a_log");
  }
  Bytes newer = make_log({}).file;
  newer[7] = 2;  // the version
  EXPECT_EQ(SealedLogDecoder::open(a_key(), newer).error().code, "sealed.not_a_log");
}

}  // namespace
}  // namespace tw
