#include "crypto/sealed_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "crypto/scratch_folder_test_support.hpp"

namespace tw {
namespace {

constexpr std::size_t kChunk = SealedFileWriter::kChunkBytes;
constexpr std::size_t kHeader = 64;
constexpr std::size_t kStoredChunk = kChunk + 28;

SecretKey a_key(std::uint8_t fill = 3) { return *SecretKey::from_bytes(Bytes(32, fill)); }

Bytes slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}
void spit(const std::filesystem::path& path, ByteView bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << as_text(bytes);
}

class SealedFile : public ::testing::Test {
 protected:
  Bytes random_bytes(std::size_t length) {
    Bytes bytes(length);
    random_.fill(bytes);
    return bytes;
  }
  Bytes read_all(const std::filesystem::path& path) {
    auto plain = read_sealed(path, a_key(), std::size_t{1} << 30);
    EXPECT_TRUE(plain) << plain.error().code;
    return plain ? *plain : Bytes{};
  }
  std::string error_of_reading(const std::filesystem::path& path, std::uint8_t key = 3) {
    auto plain = read_sealed(path, a_key(key), std::size_t{1} << 30);
    return plain ? "" : plain.error().code;
  }

  SeededRandom random_{11};
  ScratchFolder folder_;
};

TEST_F(SealedFile, GivesBackWhatWasWrittenForEverySizeAroundTheChunks) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, kChunk - 1, kChunk, kChunk + 1, 3 * kChunk - 1, 3 * kChunk, 3 * kChunk + 5}) {
    const auto path = folder_.path() / std::to_string(size);
    const Bytes plain = random_bytes(size);
    ASSERT_TRUE(write_sealed(path, a_key(), plain, random_));
    EXPECT_EQ(read_all(path), plain) << size;
  }
}

TEST_F(SealedFile, IsForItsOwnerOnlyAndNeverReplacesAFile) {
  const auto path = folder_.path() / "f";
  ASSERT_TRUE(write_sealed(path, a_key(), Bytes(10, 1), random_));
  struct stat facts {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  const auto again = write_sealed(path, a_key(), Bytes(10, 2), random_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "sealed.io");
  EXPECT_EQ(read_all(path), Bytes(10, 1));
}

TEST_F(SealedFile, HoldsNothingReadable) {
  const auto path = folder_.path() / "f";
  ASSERT_TRUE(write_sealed(path, a_key(), Bytes(200'000, 'A'), random_));
  EXPECT_EQ(std::string(as_text(slurp(path))).find("AAAA"), std::string::npos);
}

TEST_F(SealedFile, AgreesWithAPlainFileUnderRandomReadsWritesAndSeeks) {
  for (int round = 0; round < 6; ++round) {
    const auto path = folder_.path() / ("model" + std::to_string(round));
    auto writer = SealedFileWriter::create(path, a_key(), random_);
    ASSERT_TRUE(writer);
    Bytes model;
    std::size_t position = 0;
    for (int step = 0; step < 250; ++step) {
      const std::size_t length = random_.u32() % (step % 10 == 0 ? 3 * kChunk : 9'000);
      switch (random_.u32() % 3) {
        case 0: {
          position = model.empty() ? 0 : random_.u64() % (model.size() + 1);
          if (random_.u32() % 4 == 0) position = position / kChunk * kChunk;  // edges of chunks
          ASSERT_TRUE(writer->seek(position));
          break;
        }
        case 1: {
          const Bytes bytes = random_bytes(length);
          ASSERT_TRUE(writer->write(bytes));
          if (model.size() < position + length) model.resize(position + length);
          std::copy(bytes.begin(), bytes.end(), model.begin() + static_cast<std::ptrdiff_t>(position));
          position += length;
          break;
        }
        default: {
          Bytes got(length);
          const auto count = writer->read(got);
          ASSERT_TRUE(count) << count.error().code;
          ASSERT_EQ(*count, std::min(length, model.size() - position));
          ASSERT_TRUE(std::equal(got.begin(), got.begin() + static_cast<std::ptrdiff_t>(*count),
                                 model.begin() + static_cast<std::ptrdiff_t>(position)));
          position += *count;
        }
      }
      ASSERT_EQ(writer->position(), position);
      ASSERT_EQ(writer->size(), model.size());
    }
    ASSERT_TRUE(writer->finish());
    EXPECT_EQ(read_all(path), model);

    auto reader = SealedFileReader::open(path, a_key());
    ASSERT_TRUE(reader);
    ASSERT_EQ(reader->size(), model.size());
    for (int step = 0; step < 100 && !model.empty(); ++step) {
      const std::size_t offset = random_.u64() % (model.size() + 100);
      Bytes got(random_.u32() % (2 * kChunk));
      const auto count = reader->read_at(offset, got);
      ASSERT_TRUE(count);
      const std::size_t expected = offset >= model.size() ? 0 : std::min(got.size(), model.size() - offset);
      ASSERT_EQ(*count, expected);
      ASSERT_TRUE(std::equal(got.begin(), got.begin() + static_cast<std::ptrdiff_t>(expected),
                             model.begin() + static_cast<std::ptrdiff_t>(std::min(offset, model.size()))));
    }
  }
}

TEST_F(SealedFile, AChunkWrittenAgainGetsAFreshNonce) {
  const auto path = folder_.path() / "f";
  auto writer = SealedFileWriter::create(path, a_key(), random_);
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->write(Bytes(2 * kChunk, 1)));
  ASSERT_TRUE(writer->seek(0));  // leaving chunk 1 writes it; chunk 0 is in the file since it was left
  const Bytes before = slurp(path);
  ASSERT_TRUE(writer->write(Bytes(1, 1)));  // the same plain text again
  ASSERT_TRUE(writer->finish());
  const Bytes after = slurp(path);
  ASSERT_GE(before.size(), kHeader + kStoredChunk);
  const auto nonce = [](const Bytes& file) { return Bytes(file.begin() + kHeader, file.begin() + kHeader + 12); };
  EXPECT_NE(nonce(before), nonce(after));
  EXPECT_EQ(read_all(path), Bytes(2 * kChunk, 1));
}

TEST_F(SealedFile, WithoutFinishItCannotBeOpened) {
  const auto path = folder_.path() / "f";
  {
    auto writer = SealedFileWriter::create(path, a_key(), random_);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->write(random_bytes(3 * kChunk)));
  }
  EXPECT_EQ(error_of_reading(path), "sealed.not_finished");
}

TEST_F(SealedFile, AfterFinishNothingCanBeWritten) {
  auto writer = SealedFileWriter::create(folder_.path() / "f", a_key(), random_);
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->write(Bytes(5, 1)));
  ASSERT_TRUE(writer->finish());
  EXPECT_FALSE(writer->write(Bytes(5, 1)));
  EXPECT_FALSE(writer->seek(0));
  EXPECT_FALSE(writer->finish());
}

TEST_F(SealedFile, CannotSeekPastItsEnd) {
  auto writer = SealedFileWriter::create(folder_.path() / "f", a_key(), random_);
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->write(Bytes(5, 1)));
  EXPECT_TRUE(writer->seek(5));
  EXPECT_EQ(writer->seek(6).error().code, "sealed.seek_past_end");
  EXPECT_EQ(writer->position(), 5u);
}

TEST_F(SealedFile, EveryCutIsFoundOut) {
  const auto path = folder_.path() / "f";
  ASSERT_TRUE(write_sealed(path, a_key(), random_bytes(2 * kChunk + 10), random_));
  const Bytes whole = slurp(path);
  for (const std::size_t cut : {std::size_t{0}, std::size_t{5}, kHeader - 1, kHeader, kHeader + kStoredChunk - 1,
                                kHeader + kStoredChunk, kHeader + 2 * kStoredChunk, whole.size() - 1}) {
    spit(path, ByteView(whole).first(cut));
    EXPECT_EQ(error_of_reading(path), "sealed.damaged") << cut;
  }
  Bytes longer = whole;
  longer.push_back(0);
  spit(path, longer);
  EXPECT_EQ(error_of_reading(path), "sealed.damaged");
  spit(path, whole);
  EXPECT_EQ(error_of_reading(path), "");
}

TEST_F(SealedFile, EveryFlippedBitIsFoundOut) {
  const auto path = folder_.path() / "f";
  ASSERT_TRUE(write_sealed(path, a_key(), random_bytes(20), random_));
  const Bytes whole = slurp(path);
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    Bytes changed = whole;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    spit(path, changed);
    ASSERT_EQ(error_of_reading(path), "sealed.damaged") << bit;
  }
}

TEST_F(SealedFile, SwappedChunksAndChunksOfAnotherFileAreFoundOut) {
  const auto path = folder_.path() / "f";
  const auto other_path = folder_.path() / "g";
  ASSERT_TRUE(write_sealed(path, a_key(), random_bytes(3 * kChunk), random_));
  ASSERT_TRUE(write_sealed(other_path, a_key(), random_bytes(3 * kChunk), random_));
  const Bytes whole = slurp(path);
  const Bytes other = slurp(other_path);
  const auto at = [](std::size_t chunk) { return static_cast<std::ptrdiff_t>(kHeader + chunk * kStoredChunk); };

  Bytes swapped = whole;
  std::swap_ranges(swapped.begin() + at(0), swapped.begin() + at(1), swapped.begin() + at(1));
  spit(path, swapped);
  EXPECT_EQ(error_of_reading(path), "sealed.damaged");

  Bytes mixed = whole;
  std::copy(other.begin() + at(1), other.begin() + at(2), mixed.begin() + at(1));
  spit(path, mixed);
  EXPECT_EQ(error_of_reading(path), "sealed.damaged");

  Bytes other_header = whole;
  std::copy(other.begin(), other.begin() + kHeader, other_header.begin());
  spit(path, other_header);
  EXPECT_EQ(error_of_reading(path), "sealed.damaged");
}

TEST_F(SealedFile, ADamagedChunkDoesNotSpoilTheOthers) {
  const auto path = folder_.path() / "f";
  const Bytes plain = random_bytes(3 * kChunk);
  ASSERT_TRUE(write_sealed(path, a_key(), plain, random_));
  Bytes changed = slurp(path);
  changed[kHeader + kStoredChunk + 100] ^= 1;
  spit(path, changed);
  auto reader = SealedFileReader::open(path, a_key());
  ASSERT_TRUE(reader);
  Bytes got(kChunk);
  EXPECT_TRUE(reader->read_at(0, got));
  EXPECT_EQ(reader->read_at(kChunk, got).error().code, "sealed.damaged");
  ASSERT_TRUE(reader->read_at(2 * kChunk, got));
  EXPECT_EQ(got, Bytes(plain.begin() + 2 * kChunk, plain.end()));
}

TEST_F(SealedFile, AnotherKeyOpensNothing) {
  const auto path = folder_.path() / "f";
  ASSERT_TRUE(write_sealed(path, a_key(), random_bytes(100), random_));
  EXPECT_EQ(error_of_reading(path, 4), "sealed.damaged");
}

TEST_F(SealedFile, MoreThanTheLimitIsNotRead) {
  const auto path = folder_.path() / "f";
  ASSERT_TRUE(write_sealed(path, a_key(), Bytes(100, 1), random_));
  EXPECT_TRUE(read_sealed(path, a_key(), 100));
  EXPECT_EQ(read_sealed(path, a_key(), 99).error().code, "sealed.too_large");
}

TEST_F(SealedFile, AFullDiskIsSaidAndTheFileStaysUnusable) {
  const auto path = folder_.path() / "missing-folder" / "f";
  const auto none = SealedFileWriter::create(path, a_key(), random_);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "sealed.io");

  // A limit on the size of files stands in for the disk.
  auto writer = SealedFileWriter::create(folder_.path() / "g", a_key(), random_);
  ASSERT_TRUE(writer);
  const FileSizeLimit limit(100'000);
  Result<void> written;
  for (int i = 0; i < 4 && written; ++i) written = writer->write(Bytes(kChunk, 1));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, "sealed.io");
  EXPECT_EQ(writer->finish().error().code, "sealed.io");
}

}  // namespace
}  // namespace tw
