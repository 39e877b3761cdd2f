#include <sys/stat.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>

#include <gtest/gtest.h>

#include "app/data_folder.hpp"
#include "app/instance_lock.hpp"
#include "app/local_addresses.hpp"
#include "app/media_news.hpp"
#include "app/state_store.hpp"
#include "app/stop_signal.hpp"
#include "base/random.hpp"

namespace tw::app {
namespace {

class FolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "tw-app-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root = name;
  }
  void TearDown() override { std::filesystem::remove_all(root); }
  std::filesystem::path root;
};

TEST_F(FolderTest, OneDataFolderHasOneServer) {
  const DataFolder folder(root / "data");
  const auto file = folder.run() / "lock";
  {
    const auto first = InstanceLock::take(file);
    ASSERT_TRUE(first);
    const auto second = InstanceLock::take(file);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "instance.already_running");
  }
  EXPECT_TRUE(InstanceLock::take(file));
}

TEST_F(FolderTest, TheDataFolderIsForItsOwnerOnly) {
  const DataFolder folder(root / "data");
  for (const auto& path : {folder.root(), folder.keys(), folder.recordings(), folder.run()}) {
    struct stat facts {};
    ASSERT_EQ(::stat(path.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0700U) << path;
  }
}

TEST_F(FolderTest, ADatabaseWithoutItsKeyIsNotGivenANewOne) {
  Config config;
  config.server.data_dir = (root / "data").string();
  OsRandom random;
  ASSERT_TRUE(StateStore::open(config, random));
  ASSERT_TRUE(StateStore::open(config, random));
  std::filesystem::remove(root / "data" / "keys" / "master.key");
  const auto lost = StateStore::open(config, random);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, "master_key.missing");
  EXPECT_FALSE(std::filesystem::exists(root / "data" / "keys" / "master.key"));
}

TEST(LocalAddresses, HaveTheLoopbackAndNoLinkLocalOnes) {
  const auto addresses = local_addresses();
  EXPECT_NE(std::ranges::find(addresses, "127.0.0.1"), addresses.end());
  for (const auto& address : addresses) EXPECT_FALSE(address.starts_with("fe80")) << address;
}

TEST(StopSignal, EachSignalIsTakenOnce) {
  StopSignal signal;
  EXPECT_FALSE(signal.wait(std::chrono::milliseconds{0}));
  std::raise(SIGTERM);
  std::raise(SIGINT);
  EXPECT_TRUE(signal.wait(std::chrono::milliseconds{0}));
  EXPECT_TRUE(signal.wait(std::chrono::milliseconds{0}));
  EXPECT_FALSE(signal.wait(std::chrono::milliseconds{0}));
}

TEST(MediaNews, KeepsItsOrderAndWhatCameBeforeItsReader) {
  MediaNews news;
  for (int i = 0; i < 3; ++i) {
    media::SessionEvent event;
    event.session = std::to_string(i);
    news.on_session(event);
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::string seen;
  news.start([&](const MediaNews::News& one) {
    const std::lock_guard lock(mutex);
    seen += std::get<media::SessionEvent>(one).session;
    if (seen == "0") throw std::runtime_error("the others come all the same");
    changed.notify_all();
  });
  std::unique_lock lock(mutex);
  EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds{10}, [&] { return seen == "012"; }));
}

}  // namespace
}  // namespace tw::app
