// SPDX-License-Identifier: Apache-2.0
#include "store/store_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace lightsout {

namespace {

// "4711 (lightsout)" as the holder wrote it, or empty.
std::string holder_of(int file) {
  std::array<char, 100> text{};
  const ssize_t length = pread(file, text.data(), text.size(), 0);
  std::string holder(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  for (char& c : holder) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) c = '?';
  }
  return holder;
}

std::string ourselves() {
  std::array<char, 17> name{};
  const int file = open("/proc/self/comm", O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    const ssize_t length = read(file, name.data(), name.size() - 1);
    if (length > 0 && name[static_cast<std::size_t>(length) - 1] == '\n') {
      name[static_cast<std::size_t>(length) - 1] = '\0';
    }
    close(file);
  }
  return fmt::format("{} ({})", getpid(), name.data());
}

}  // namespace

Result<std::unique_ptr<StoreLock>> StoreLock::take(const std::string& path, bool shared) {
  const std::string name = path + ".lock";
  const int flags = (shared ? O_RDONLY : O_RDWR | O_CREAT) | O_CLOEXEC | O_NOFOLLOW;
  const int file = open(name.c_str(), flags, 0644);
  if (file < 0) {
    // A reader on a medium that cannot be written to needs no lock: nobody else can write there
    // either.
    if (shared) return std::unique_ptr<StoreLock>(new StoreLock(-1));
    return Error{ErrorKind::world, fmt::format("{} cannot be opened: {} cannot be written ({})",
                                               path, name, std::strerror(errno))};
  }
  if (flock(file, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0) {
    const std::string holder = holder_of(file);
    close(file);
    return Error{ErrorKind::world,
                 holder.empty()
                     ? fmt::format("{} is in use by another process", path)
                     : fmt::format("{} is in use by process {}; one process at a time can have it",
                                   path, holder)};
  }
  if (!shared) {
    const std::string holder = ourselves();
    // What stands in the file only helps the next one's message; the lock does not depend on it.
    if (ftruncate(file, 0) == 0)
      static_cast<void>(pwrite(file, holder.data(), holder.size(), 0) > 0);
  }
  return std::unique_ptr<StoreLock>(new StoreLock(file));
}

StoreLock::~StoreLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace lightsout
