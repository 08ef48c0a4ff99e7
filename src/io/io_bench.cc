// How fast each compressed format is read, beside the program that everybody has, in one run.
//
//   build/bench/src/io_io_bench [FILE]
//
// Without FILE, 16 MiB of text like measurements is made and compressed by the libraries. Each
// format is read by us and by its program (output thrown away), one after the other, several times;
// the best of each counts, because the rest is other people's load. What matters is the ratio:
// absolute figures belong to the machine.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <random>

#include "io/codec.h"
#include "io/files.h"
#include "io/test_compress.h"
#include "io/test_folder.h"

namespace lightsout {
namespace {

constexpr int kRounds = 3;
constexpr std::size_t kTextBytes = 16 * 1024 * 1024;

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::uint64_t read_through(ByteSource& source) {
  std::vector<std::uint8_t> into(256 * 1024);
  std::uint64_t total = 0;
  for (;;) {
    const Result<std::size_t> count = source.read(into);
    if (!count || *count == 0) return total;
    total += *count;
  }
}

std::string sample_text() {
  std::mt19937 random(20220105);
  std::string text;
  while (text.size() < kTextBytes) {
    text += fmt::format("2022-01-05T{:02}:{:02}:00Z,country:KZ,{}\n", random() % 24, random() % 60,
                        random() % 5000);
  }
  return text;
}

struct Rival {
  const char* name;
  const char* command;  // reads the file whose name follows, writes to standard output
};

void compare(std::string_view format, const std::string& path, const std::vector<Rival>& rivals) {
  std::uint64_t bytes = 0;
  double ours = 1e9;
  std::vector<double> theirs(rivals.size(), 1e9);
  for (int round = 0; round < kRounds; ++round) {
    ours = std::min(ours, seconds_of([&] {
                      Result<std::unique_ptr<ByteSource>> source =
                          decompress(std::move(*open_file(path)), path);
                      bytes = read_through(**source);
                    }));
    for (std::size_t i = 0; i < rivals.size(); ++i) {
      const std::string command = fmt::format("{} '{}' > /dev/null 2>&1", rivals[i].command, path);
      theirs[i] = std::min(theirs[i], seconds_of([&] {
                             if (std::system(command.c_str()) != 0) theirs[i] = 1e9;
                           }));
    }
  }
  const double mb = static_cast<double>(bytes) / 1e6;
  fmt::print("{:6} {:8.0f} MB  ours {:7.0f} MB/s", format, mb, mb / ours);
  for (std::size_t i = 0; i < rivals.size(); ++i) {
    fmt::print("  {} {:.0f} MB/s (ours {:.2f} times as fast)", rivals[i].name, mb / theirs[i],
               theirs[i] / ours);
  }
  fmt::print("\n");
}

const std::vector<Rival> kGzipRivals = {{"gzip", "gzip -dc"}, {"igzip", "igzip -dc"}};
const std::vector<Rival> kBzip2Rivals = {{"bzip2", "bzip2 -dc"}};
const std::vector<Rival> kZstdRivals = {{"zstd", "zstd -dcq"}};
const std::vector<Rival> kXzRivals = {{"xz", "xz -dc"}};

const std::vector<Rival>& rivals_of(Compression compression) {
  switch (compression) {
    case Compression::bzip2:
      return kBzip2Rivals;
    case Compression::zstd:
      return kZstdRivals;
    case Compression::xz:
      return kXzRivals;
    default:
      return kGzipRivals;
  }
}

int run(int count, char** arguments) {
  if (count > 1) {
    const std::string head = *read_all(**open_file(arguments[1]), std::size_t{1} << 34);
    const Compression compression =
        compression_of(Bytes(reinterpret_cast<const std::uint8_t*>(head.data()),
                             std::min<std::size_t>(16, head.size())));
    compare(name_of(compression), arguments[1], rivals_of(compression));
    return 0;
  }
  const TestFolder folder;
  const std::string text = sample_text();
  for (const Format& format : kFormats) {
    const std::string name = fmt::format("sample.{}", name_of(format.compression));
    folder.put(name, format.compress(text));
    compare(name_of(format.compression), (folder.path() / name).string(),
            rivals_of(format.compression));
  }
  return 0;
}

}  // namespace
}  // namespace lightsout

int main(int count, char** arguments) {
  return lightsout::run(count, arguments);
}
