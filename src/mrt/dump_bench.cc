// How fast MRT becomes text: our `mrt dump` beside Debian's `bgpdump -m`, on the same files.
//
//   build/bench/src/mrt_dump_bench [PEERS]
//
// The tables are bench_table.h (20 peers unless told otherwise) and the JINX table of RouteViews,
// 30 May 2014; the updates those of 23 October 2015. Each is read from a file that lies in the page
// cache; the text is thrown away, or goes through a pipe of 1 MiB to another process that throws it
// away. Times are of the wall, the best of kRounds; bgpdump, which takes long, runs once.
//
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "mrt/bench_table.h"
#include "mrt/dump.h"

namespace lightsout::mrt {
namespace {

constexpr int kRounds = 3;

class FileSource final : public ByteSource {
 public:
  explicit FileSource(const std::filesystem::path& path) : fd_(open(path.c_str(), O_RDONLY)) {
    CHECK(fd_ >= 0);
  }
  ~FileSource() override { close(fd_); }
  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    const ssize_t got = ::read(fd_, into.data(), into.size());
    CHECK(got >= 0);
    return static_cast<std::size_t>(got);
  }

 private:
  int fd_;
};

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

struct Measured {
  double seconds = 1e9;
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;
};

Measured measure(const std::filesystem::path& path, DumpOptions options,
                 const std::function<void(std::string_view)>& use, int rounds = kRounds) {
  Measured best;
  for (int round = 0; round < rounds; ++round) {
    Measured now;
    now.seconds = seconds_of([&] {
      FileSource source(path);
      Damage damage;
      const auto sink = [&](std::string_view text) {
        now.bytes += text.size();
        use(text);
        return true;
      };
      const auto totals = dump(source, options, sink, damage, "bench");
      CHECK(totals.ok());
      now.lines = totals->lines;
    });
    if (now.seconds < best.seconds) best = now;
  }
  return best;
}

// Through a pipe, to a process that reads and forgets.
Measured measure_pipe(const std::filesystem::path& path, const DumpOptions& options) {
  int ends[2];
  CHECK(pipe(ends) == 0);
  fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    close(ends[1]);
    std::vector<char> buffer(1 << 20);
    while (read(ends[0], buffer.data(), buffer.size()) > 0) {
    }
    _exit(0);
  }
  close(ends[0]);
  const Measured measured = measure(path, options, [&](std::string_view text) {
    while (!text.empty()) {
      const ssize_t wrote = write(ends[1], text.data(), text.size());
      CHECK(wrote > 0);
      text.remove_prefix(static_cast<std::size_t>(wrote));
    }
  });
  close(ends[1]);
  waitpid(child, nullptr, 0);
  return measured;
}

double bgpdump_seconds(const std::filesystem::path& path) {
  const std::string command = "bgpdump -m '" + path.string() + "' >/dev/null 2>/dev/null";
  return seconds_of([&] { CHECK(std::system(command.c_str()) == 0); });
}

void row(const char* what, const Measured& measured, double peer_rate) {
  const double rate = static_cast<double>(measured.lines) / measured.seconds;
  fmt::print("  {:<34} {:>7.2f} M lines/s {:>8.0f} MB/s of text", what, rate / 1e6,
             static_cast<double>(measured.bytes) / measured.seconds / 1e6);
  if (peer_rate > 0) fmt::print("  {:>6.1f} x bgpdump", rate / peer_rate);
  fmt::print("\n");
  std::fflush(stdout);
}

void compare(const char* title, const std::filesystem::path& path, const std::string& pattern) {
  const auto ignore = [](std::string_view) {};
  const auto warm = measure(path, {}, ignore, 1);
  fmt::print("{}: {} lines, {:.0f} MB of MRT\n", title, warm.lines,
             static_cast<double>(std::filesystem::file_size(path)) / 1e6);
  double peer_rate = 0;
  if (!output_of("command -v bgpdump").empty()) {
    const double seconds = bgpdump_seconds(path);
    peer_rate = static_cast<double>(warm.lines) / seconds;
    fmt::print("  {:<34} {:>7.2f} M lines/s\n", "bgpdump -m", peer_rate / 1e6);
  }
  row("bgpdump-m, one thread", measure(path, {}, ignore), peer_rate);
  row("bgpdump-m, two threads", measure(path, {.threads = 2}, ignore), peer_rate);
  row("bgpdump-m, one thread, a pipe", measure_pipe(path, {}), peer_rate);
  row("bgpdump-m, two threads, a pipe", measure_pipe(path, {.threads = 2}), peer_rate);
  row("jsonl, one thread", measure(path, {.format = DumpFormat::jsonl}, ignore, 1), peer_rate);
  row("text, one thread", measure(path, {.format = DumpFormat::text}, ignore, 1), peer_rate);
  Result<Filter> filter = Filter::make({.paths = {pattern}});
  CHECK(filter.ok());
  Measured kept = measure(path, {.filter = *filter}, ignore);
  kept.lines = warm.lines;  // looked at, though few are written
  row(("--path " + pattern + ", one thread").c_str(), kept, peer_rate);
}

// The bytes of an archive of the data folder as a plain file.
std::optional<std::filesystem::path> plain_file(const char* name) {
  const auto archive = test_data(name);
  if (!archive) return std::nullopt;
  const auto path = std::filesystem::temp_directory_path() /
                    fmt::format("lightsout-bench-{}.mrt", archive->stem().string());
  const std::string bytes = archive_bytes(*archive);
  FILE* file = std::fopen(path.c_str(), "wb");
  CHECK(file != nullptr);
  CHECK(std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size());
  CHECK(std::fclose(file) == 0);
  return path;
}

int run(int argc, char** argv) {
  const unsigned peers = argc > 1 ? static_cast<unsigned>(std::atoi(argv[1])) : 20;
  const auto table = bench_table_file(peers);
  if (!table) {
    fmt::print("needs the data folder (set LIGHTSOUT_DATA)\n");
    return 0;
  }
  compare(fmt::format("a table of {} peers", peers).c_str(), table->path, "_9198$");
  for (const auto& [title, name] :
       {std::pair{"the JINX table of 2014", "mrt/rv-jinx.rib.20140530.2200.bz2"},
        std::pair{"updates of 2015", "mrt/et.updates.20151023.0201.gz"}}) {
    if (const auto path = plain_file(name)) {
      compare(title, *path, "_9198$");
      std::filesystem::remove(*path);
    }
  }
  return 0;
}

}  // namespace
}  // namespace lightsout::mrt

int main(int argc, char** argv) {
  return lightsout::mrt::run(argc, argv);
}
