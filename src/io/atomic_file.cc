// SPDX-License-Identifier: Apache-2.0
#include "io/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace lightsout {

namespace {

namespace fs = std::filesystem;

constexpr mode_t kMode = 0644;  // like a file from any editor; the umask of mkstemp would be 0600

Status write_to(int fd, Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return Error{ErrorKind::world, std::strerror(errno)};
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

// The new name is safe only when the folder that holds it is.
Status sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return Error{ErrorKind::world, std::strerror(errno)};
  const int synced = ::fsync(fd);
  const int reason = errno;
  ::close(fd);
  // Some file systems cannot sync a folder; they say so with EINVAL.
  if (synced != 0 && reason != EINVAL) return Error{ErrorKind::world, std::strerror(reason)};
  return {};
}

fs::path folder_of(const std::string& path) {
  const fs::path parent = fs::path(path).parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Result<AtomicFile> AtomicFile::create(const std::string& path) {
  const fs::path target(path);
  std::error_code ignored;
  if (!target.has_filename() || fs::is_directory(target, ignored)) {
    return Error{ErrorKind::usage, fmt::format("'{}' is a folder, not a file to write", path)};
  }
  std::string temporary =
      (folder_of(path) / ("." + target.filename().string() + ".part-XXXXXX")).string();
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) {
    return Error{ErrorKind::world,
                 fmt::format("'{}' cannot be written: {}", path, std::strerror(errno))};
  }
  const mode_t mask = ::umask(0);
  ::umask(mask);
  AtomicFile file(path, std::move(temporary), fd);
  if (::fchmod(fd, kMode & ~mask) != 0) return file.failed("permissions");
  return file;
}

AtomicFile::~AtomicFile() {
  discard();
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      fd_(std::exchange(other.fd_, -1)) {}

AtomicFile& AtomicFile::operator=(AtomicFile&& other) noexcept {
  if (this == &other) return *this;
  discard();
  path_ = std::move(other.path_);
  temporary_ = std::move(other.temporary_);
  fd_ = std::exchange(other.fd_, -1);
  return *this;
}

void AtomicFile::discard() {
  if (fd_ < 0) return;
  ::close(std::exchange(fd_, -1));
  ::unlink(temporary_.c_str());
}

Error AtomicFile::failed(std::string_view what) const {
  return Error{ErrorKind::world,
               fmt::format("'{}' cannot be written ({}): {}", path_, what, std::strerror(errno))};
}

Status AtomicFile::write(Bytes bytes) {
  CHECK(fd_ >= 0);
  return write_to(fd_, bytes).ok() ? Status{} : failed("write");
}

Status AtomicFile::commit(Durability durability) {
  CHECK(fd_ >= 0);
  if (durability == Durability::now && ::fsync(fd_) != 0) return failed("sync");
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return failed("rename");
  ::close(std::exchange(fd_, -1));
  if (durability == Durability::later) return {};
  const Status synced = sync_folder(folder_of(path_));
  if (!synced) {
    return Error{ErrorKind::world, fmt::format("'{}' was written, but may not survive a power "
                                               "cut: {}",
                                               path_, synced.error().message)};
  }
  return {};
}

Status write_file(const std::string& path, std::string_view bytes, Durability durability) {
  if (path == "-") {
    const Status written = write_to(STDOUT_FILENO, bytes_of(bytes));
    if (written) return {};
    return Error{ErrorKind::world, fmt::format("standard output: {}", written.error().message)};
  }
  Result<AtomicFile> file = AtomicFile::create(path);
  if (!file) return file.error();
  const Status written = file->write(bytes_of(bytes));
  if (!written) return written;
  return file->commit(durability);
}

Status sync_below(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::syncfs(fd) == 0;
  const int reason = errno;
  if (fd >= 0) ::close(fd);
  if (synced) return {};
  return Error{ErrorKind::world, fmt::format("what was written below '{}' may not survive a power "
                                             "cut: {}",
                                             folder, std::strerror(reason))};
}

Status make_folder(const std::string& path) {
  std::error_code reason;
  fs::create_directories(path, reason);
  if (!fs::is_directory(path)) {
    return Error{ErrorKind::world, fmt::format("folder '{}' cannot be made: {}", path,
                                               reason ? reason.message() : "a file is there")};
  }
  return {};
}

}  // namespace lightsout
