#include "recording/journal_copies.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace tw::recording {
namespace {

Result<std::unique_ptr<AppendFile>> begin_file(const std::filesystem::path& place, FileSystem& files,
                                               ByteView beginning) {
  if (auto made = files.make_folder(place.parent_path()); !made) return tl::unexpected(made.error());
  auto file = files.create(place);
  if (!file) return file;
  auto begun = (*file)->append(beginning);
  if (begun) begun = (*file)->sync();
  if (begun) begun = files.sync_folder(place.parent_path());
  if (begun) return file;
  file->reset();
  files.remove(place);
  return tl::unexpected(begun.error());
}

}  // namespace

std::string_view word_for(CopyState state) {
  switch (state) {
    case CopyState::good: return "good";
    case CopyState::waiting: return "waiting";
    case CopyState::unsynced: return "unsynced";
    case CopyState::given_up: return "given_up";
  }
  return "";
}

Result<JournalCopies> JournalCopies::create(const std::vector<std::filesystem::path>& places, FileSystem& files,
                                            ByteView beginning) {
  JournalCopies all(places.size());
  std::optional<Error> first_error;
  for (std::size_t i = 0; i < places.size(); ++i) {
    Copy copy{
        .number = i, .file = nullptr, .state = CopyState::good, .backlog = {}, .dirty = false, .sync_failed = false};
    if (auto file = begin_file(places[i], files, beginning)) {
      copy.file = std::move(*file);
      all.copies_.push_back(std::move(copy));
    } else {
      if (!first_error) first_error = file.error();
      all.news_.push_back({i, CopyState::given_up, file.error().code});
    }
  }
  if (all.copies_.empty()) return tl::unexpected(*first_error);
  return all;
}

void JournalCopies::become(Copy& copy, CopyState state, const std::string& code) {
  if (copy.state == state) return;
  copy.state = state;
  news_.push_back({copy.number, state, code});
}

void JournalCopies::give_up(Copy& copy, const std::string& code) {
  become(copy, CopyState::given_up, code);
  copy.file.reset();
  copy.backlog = {};
  copy.dirty = false;
}

bool JournalCopies::is_last(const Copy& copy) const {
  return std::none_of(copies_.begin(), copies_.end(), [&](const Copy& other) {
    return other.number != copy.number && other.state != CopyState::given_up;
  });
}

bool JournalCopies::another_takes(const Copy& copy) const {
  return std::any_of(copies_.begin(), copies_.end(),
                     [&](const Copy& other) { return other.number != copy.number && other.state == CopyState::good; });
}

void JournalCopies::write(Copy& copy, ByteView bytes) {
  const bool late = !copy.backlog.empty();
  if (late) copy.backlog.insert(copy.backlog.end(), bytes.begin(), bytes.end());
  const ByteView all = late ? ByteView(copy.backlog) : bytes;
  if (all.empty()) return;
  if (auto written = copy.file->append(all); !written) {
    if (!late) copy.backlog.assign(bytes.begin(), bytes.end());
    become(copy, CopyState::waiting, written.error().code);
    if (copy.backlog.size() > kMaxCopyBacklogBytes && another_takes(copy)) give_up(copy, written.error().code);
    return;
  }
  copy.dirty = true;
  copy.backlog.clear();
  if (copy.state == CopyState::waiting) become(copy, copy.sync_failed ? CopyState::unsynced : CopyState::good);
}

bool JournalCopies::catch_up() {
  bool ready = false;
  for (Copy& copy : copies_) {
    if (copy.state == CopyState::given_up) continue;
    write(copy, {});
    ready = ready || copy.backlog.empty();
  }
  return ready;
}

void JournalCopies::append(ByteView sealed) {
  for (Copy& copy : copies_) {
    if (copy.state != CopyState::given_up) write(copy, sealed);
  }
}

void JournalCopies::sync() {
  for (Copy& copy : copies_) {
    if (!copy.dirty) continue;
    copy.dirty = false;
    if (copy.sync_failed) continue;
    const auto synced = copy.file->sync();
    if (synced) continue;
    copy.sync_failed = true;
    if (is_last(copy)) {
      become(copy, CopyState::unsynced, synced.error().code);
    } else {
      give_up(copy, synced.error().code);
    }
  }
}

bool JournalCopies::dirty() const {
  return std::any_of(copies_.begin(), copies_.end(), [](const Copy& copy) { return copy.dirty; });
}

bool JournalCopies::behind() const {
  return std::any_of(copies_.begin(), copies_.end(), [](const Copy& copy) { return !copy.backlog.empty(); });
}

bool JournalCopies::failing() const {
  return std::none_of(copies_.begin(), copies_.end(), [](const Copy& copy) { return copy.state == CopyState::good; });
}

bool JournalCopies::degraded() const {
  const auto good =
      std::count_if(copies_.begin(), copies_.end(), [](const Copy& copy) { return copy.state == CopyState::good; });
  return static_cast<std::size_t>(good) < places_;
}

std::vector<CopyNews> JournalCopies::take_news() { return std::exchange(news_, {}); }

}  // namespace tw::recording
