// SPDX-License-Identifier: Apache-2.0
#include "io/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include <utility>

#include "core/sha256.h"

namespace lightsout {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 256 * 1024;

Error trouble(const std::string& name, int reason) {
  const ErrorKind kind =
      reason == ENOENT || reason == ENOTDIR ? ErrorKind::not_found : ErrorKind::world;
  return Error{kind, fmt::format("'{}' cannot be read: {}", name, std::strerror(reason))};
}

// An open file; closed when the last one who reads it is gone.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

// What tells whether a file is still the one that was hashed.
struct Stamp {
  off_t size = 0;
  timespec changed{};
  bool operator==(const Stamp& other) const {
    return size == other.size && changed.tv_sec == other.changed.tv_sec &&
           changed.tv_nsec == other.changed.tv_nsec;
  }
};

Stamp stamp_of(const struct stat& status) {
  return {status.st_size, status.st_mtim};
}

// Reads with its own offset, so that several can read one spooled file.
class FileSource final : public ByteSource {
 public:
  FileSource(std::shared_ptr<Descriptor> file, std::string name)
      : file_(std::move(file)), name_(std::move(name)) {}

  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    for (;;) {
      const ssize_t count = ::pread(file_->get(), into.data(), into.size(), offset_);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return trouble(name_, errno);
      offset_ += count;
      return static_cast<std::size_t>(count);
    }
  }

 private:
  std::shared_ptr<Descriptor> file_;
  std::string name_;
  off_t offset_ = 0;
};

Result<std::string> hash_of(ByteSource& source) {
  Sha256 hash;
  std::vector<std::uint8_t> block(kBlock);
  for (;;) {
    const Result<std::size_t> count = source.read(block);
    if (!count) return count.error();
    if (*count == 0) return hash.hex();
    hash.add(Bytes(block).first(*count));
  }
}

Result<std::shared_ptr<Descriptor>> open_descriptor(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return trouble(path, errno);
  return std::make_shared<Descriptor>(fd);
}

Result<Input> regular_input(const std::string& path, const FileLimits& limits) {
  Result<std::shared_ptr<Descriptor>> file = open_descriptor(path);
  if (!file) return file.error();
  struct stat status{};
  if (::fstat((*file)->get(), &status) != 0) return trouble(path, errno);
  FileSource source(*file, path);
  Result<std::string> hash = hash_of(source);
  if (!hash) return hash.error();

  const std::string name = fs::path(path).filename().string();
  Input input{
      .lineage = {.sha256 = *hash, .name = name, .arrived = Time{Seconds{status.st_mtim.tv_sec}}}};
  input.open = [path, name, stamp = stamp_of(status),
                decompress_limits = limits.decompress]() -> Result<std::unique_ptr<ByteSource>> {
    Result<std::shared_ptr<Descriptor>> again = open_descriptor(path);
    if (!again) return again.error();
    struct stat now{};
    if (::fstat((*again)->get(), &now) != 0) return trouble(path, errno);
    if (stamp_of(now) != stamp) {
      return Error{
          ErrorKind::world,
          fmt::format("'{}' changed while it was being read; run again when it is whole", path)};
    }
    return decompress(std::make_unique<FileSource>(*again, path), name, decompress_limits);
  };
  return input;
}

// A file without a name, so that it is gone with the process, however that ends.
Result<std::shared_ptr<Descriptor>> nameless_file(const std::string& folder) {
  const int direct = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (direct >= 0) return std::make_shared<Descriptor>(direct);
  std::string path = (fs::path(folder) / "lightsout-XXXXXX").string();
  const int fd = ::mkostemp(path.data(), O_CLOEXEC);
  if (fd < 0) return trouble(folder, errno);
  ::unlink(path.c_str());
  return std::make_shared<Descriptor>(fd);
}

Status write_all(int fd, Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      return Error{ErrorKind::world, fmt::format("temporary file: {}", std::strerror(errno))};
    }
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

// Copies a pipe into `spool`; the hash of what came.
Result<std::string> copy_pipe(int pipe, int spool, const std::string& name,
                              const FileLimits& limits) {
  Sha256 hash;
  std::vector<std::uint8_t> block(kBlock);
  std::uint64_t total = 0;
  for (;;) {
    const ssize_t count = ::read(pipe, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return trouble(name, errno);
    if (count == 0) return hash.hex();
    total += static_cast<std::uint64_t>(count);
    if (total > limits.spool_bytes) {
      return Error{ErrorKind::limit, fmt::format("{}: more than {} bytes; save it to a file and "
                                                 "name the file",
                                                 name, limits.spool_bytes)};
    }
    const Bytes piece = Bytes(block).first(static_cast<std::size_t>(count));
    hash.add(piece);
    const Status written = write_all(spool, piece);
    if (!written) return written.error();
  }
}

Result<Input> pipe_input(int pipe, const std::string& name, Clock& clock,
                         const FileLimits& limits) {
  Result<std::shared_ptr<Descriptor>> spool = nameless_file(limits.spool_folder);
  if (!spool) return spool.error();
  Result<std::string> hash = copy_pipe(pipe, (*spool)->get(), name, limits);
  if (!hash) return hash.error();
  Input input{.lineage = {.sha256 = *hash, .name = name, .arrived = clock.now()}};
  input.open = [file = *spool, name, decompress_limits = limits.decompress] {
    return decompress(std::make_unique<FileSource>(file, name), name, decompress_limits);
  };
  return input;
}

// Collects the files below a folder.
class Walk {
 public:
  Walk(const FileLimits& limits, std::size_t already, std::vector<std::string>& notes)
      : limits_(limits), count_(already), notes_(notes) {}

  Status folder(const fs::path& path, int depth) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return trouble(path.string(), errno);
    const std::pair<dev_t, ino_t> identity{status.st_dev, status.st_ino};
    if (!above_.insert(identity).second) {
      note(path, "a link back to a folder above it");
      return {};
    }
    if (depth > limits_.depth) {
      return Error{ErrorKind::limit, fmt::format("'{}': more than {} folders inside each other",
                                                 path.string(), limits_.depth)};
    }
    std::error_code reason;
    std::vector<fs::path> entries;
    for (fs::directory_iterator it(path, reason), end; !reason && it != end; it.increment(reason)) {
      entries.push_back(it->path());
    }
    if (reason) {
      if (depth == 0) return trouble(path.string(), reason.value());
      note(path, reason.message());
    }
    std::sort(entries.begin(), entries.end());
    for (const fs::path& entry : entries) {
      const Status taken = take(entry, depth);
      if (!taken) return taken;
    }
    above_.erase(identity);
    return {};
  }

  const std::vector<std::string>& files() const { return files_; }

 private:
  Status take(const fs::path& entry, int depth) {
    struct stat status{};
    if (entry.filename().string().starts_with('.')) {
      note(entry, "hidden");
    } else if (::stat(entry.c_str(), &status) != 0) {
      note(entry, std::strerror(errno));
    } else if (S_ISDIR(status.st_mode)) {
      return folder(entry, depth + 1);
    } else if (!S_ISREG(status.st_mode)) {
      note(entry, "not a regular file");
    } else if (++count_ > limits_.files) {
      return Error{ErrorKind::limit,
                   fmt::format("more than {} files; name a smaller folder", limits_.files)};
    } else {
      files_.push_back(entry.string());
    }
    return {};
  }

  void note(const fs::path& path, std::string_view reason) {
    notes_.push_back(fmt::format("'{}' was not read: {}", path.string(), reason));
  }

  const FileLimits& limits_;
  std::size_t count_;
  std::vector<std::string>& notes_;
  std::vector<std::string> files_;
  std::set<std::pair<dev_t, ino_t>> above_;  // the folders on the way here
};

Status open_folder(const std::string& path, const FileLimits& limits, OpenedInputs& opened) {
  Walk walk(limits, opened.inputs.size(), opened.notes);
  const Status walked = walk.folder(path, 0);
  if (!walked) return walked;
  for (const std::string& file : walk.files()) {
    Result<Input> input = regular_input(file, limits);
    if (input) {
      opened.inputs.push_back(std::move(*input));
    } else {
      opened.notes.push_back(input.error().message);
    }
  }
  return {};
}

Status open_one(const std::string& path, Clock& clock, const FileLimits& limits,
                OpenedInputs& opened) {
  struct stat status{};
  const bool standard_input = path == "-";
  if (!standard_input && ::stat(path.c_str(), &status) != 0) return trouble(path, errno);
  if (!standard_input && S_ISDIR(status.st_mode)) return open_folder(path, limits, opened);
  if (opened.inputs.size() >= limits.files) {
    return Error{ErrorKind::limit, fmt::format("more than {} files", limits.files)};
  }
  Result<Input> input = Error{ErrorKind::usage, fmt::format("'{}' is not a file", path)};
  if (standard_input) {
    input = pipe_input(STDIN_FILENO, "standard input", clock, limits);
  } else if (S_ISREG(status.st_mode)) {
    input = regular_input(path, limits);
  } else if (S_ISFIFO(status.st_mode)) {
    const Descriptor pipe(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (pipe.get() < 0) return trouble(path, errno);
    input = pipe_input(pipe.get(), path, clock, limits);
  }
  if (!input) return input.error();
  opened.inputs.push_back(std::move(*input));
  return {};
}

}  // namespace

Result<OpenedInputs> open_inputs(std::span<const std::string> paths, Clock& clock,
                                 const FileLimits& limits) {
  OpenedInputs opened;
  for (const std::string& path : paths) {
    const Status done = open_one(path, clock, limits, opened);
    if (!done) return done.error();
  }
  return opened;
}

Result<std::unique_ptr<ByteSource>> open_file(const std::string& path) {
  Result<std::shared_ptr<Descriptor>> file = open_descriptor(path);
  if (!file) return file.error();
  std::unique_ptr<ByteSource> source = std::make_unique<FileSource>(*file, path);
  return source;
}

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  Result<std::unique_ptr<ByteSource>> source = open_file(path);
  if (!source) return source.error();
  Result<std::string> content = read_all(**source, limit);
  if (!content)
    return Error{content.error().kind, fmt::format("'{}': {}", path, content.error().message)};
  return content;
}

Result<std::vector<std::pair<std::string, std::string>>> read_folder(const std::string& path,
                                                                     std::size_t limit) {
  std::error_code error;
  std::vector<std::string> names;
  for (std::filesystem::directory_iterator each(path, error), end; !error && each != end;
       each.increment(error)) {
    std::error_code unread;
    if (each->is_regular_file(unread)) names.push_back(each->path().filename().string());
  }
  if (error) {
    return Error{ErrorKind::not_found, fmt::format("'{}': {}", path, error.message())};
  }
  std::sort(names.begin(), names.end());
  std::vector<std::pair<std::string, std::string>> files;
  for (const std::string& name : names) {
    Result<std::string> content = read_file(path + "/" + name, limit);
    if (!content) return content.error();
    files.emplace_back(name, std::move(*content));
  }
  return files;
}

}  // namespace lightsout
