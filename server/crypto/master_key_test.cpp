#include "crypto/master_key.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "crypto/scratch_folder_test_support.hpp"

namespace tw {
namespace {

class MasterKey : public ::testing::Test {
 protected:
  void SetUp() override { ::unsetenv("TELEWITNESS_MASTER_KEY"); }
  void TearDown() override { ::unsetenv("TELEWITNESS_MASTER_KEY"); }

  void write_file(const std::string& text, mode_t mode = 0600) {
    std::ofstream(file_) << text;
    ::chmod(file_.c_str(), mode);
  }
  std::string code(const MasterKeySource& source) {
    const auto key = load_master_key(source, random_);
    return key ? "" : key.error().code;
  }

  OsRandom random_;
  ScratchFolder folder_;
  std::filesystem::path file_ = folder_.path() / "keys" / "master.key";
};

const std::string kText = to_base64(Bytes(32, 0x11));

TEST_F(MasterKey, IsMadeOnceForItsOwnerOnly) {
  EXPECT_EQ(code({.file = file_, .command = {}}), "master_key.missing");
  const auto made = load_master_key({.file = file_, .command = {}, .may_create = true}, random_);
  ASSERT_TRUE(made) << made.error().message;
  struct stat facts {};
  ASSERT_EQ(::stat(file_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  for (const bool may_create : {false, true}) {
    const auto read = load_master_key({.file = file_, .command = {}, .may_create = may_create}, random_);
    ASSERT_TRUE(read);
    EXPECT_EQ(to_hex(read->bytes()), to_hex(made->bytes()));
  }
}

TEST_F(MasterKey, AFileThatOthersCanReadIsRefused) {
  std::filesystem::create_directories(file_.parent_path());
  for (const mode_t mode : {0640, 0604, 0644, 0660}) {
    write_file(kText, mode);
    EXPECT_EQ(code({.file = file_, .command = {}}), "master_key.readable_by_others") << std::oct << mode;
  }
  write_file(kText + "\n", 0600);
  EXPECT_EQ(code({.file = file_, .command = {}}), "");
  write_file(kText, 0400);
  EXPECT_EQ(code({.file = file_, .command = {}}), "");
}

TEST_F(MasterKey, WhatIsNoKeyIsMalformedAndNeverReplaced) {
  std::filesystem::create_directories(file_.parent_path());
  for (const std::string& text :
       {std::string(), std::string("\n"), std::string("rubbish"), to_base64(Bytes(31, 1)), to_base64(Bytes(33, 1))}) {
    write_file(text);
    EXPECT_EQ(code({.file = file_, .command = {}, .may_create = true}), "master_key.malformed") << text;
  }
}

TEST_F(MasterKey, TheEnvironmentComesBeforeTheCommandAndTheCommandBeforeTheFile) {
  std::filesystem::create_directories(file_.parent_path());
  write_file(kText);
  MasterKeySource source{.file = file_, .command = "echo " + to_base64(Bytes(32, 0x22))};
  EXPECT_EQ(load_master_key(source, random_)->bytes()[0], 0x22);
  ::setenv("TELEWITNESS_MASTER_KEY", to_base64(Bytes(32, 0x33)).c_str(), 1);
  EXPECT_EQ(load_master_key(source, random_)->bytes()[0], 0x33);
  ::setenv("TELEWITNESS_MASTER_KEY", "rubbish", 1);
  EXPECT_EQ(code(source), "master_key.malformed");
  ::unsetenv("TELEWITNESS_MASTER_KEY");
  source.command.clear();
  EXPECT_EQ(load_master_key(source, random_)->bytes()[0], 0x11);
}

TEST_F(MasterKey, ACommandThatFailsIsSaidAndNothingIsCreated) {
  EXPECT_EQ(code({.file = file_, .command = "exit 3", .may_create = true}), "master_key.command_failed");
  EXPECT_EQ(code({.file = file_, .command = "echo " + kText + "; exit 1", .may_create = true}),
            "master_key.command_failed");
  EXPECT_EQ(code({.file = file_, .command = "true", .may_create = true}), "master_key.malformed");
  EXPECT_FALSE(std::filesystem::exists(file_));
}

}  // namespace
}  // namespace tw
