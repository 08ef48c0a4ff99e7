// SPDX-License-Identifier: Apache-2.0
#include "live/record_archive.h"

#include <fmt/format.h>

#include <algorithm>

namespace lightsout::live {

std::string folder_name(std::string_view collector) {
  std::string name(collector.substr(0, 100));
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '-' || c == '_';
    if (!plain) c = '-';
  }
  if (name.empty() || name[0] == '.') name.insert(0, "-");
  return name;
}

Status RecordArchive::write(const std::string& collector, File& file) {
  if (file.records.empty()) return {};
  // "20220105.103000"
  std::string when = format_time(file.first);
  std::erase_if(when, [](char c) { return c == '-' || c == ':' || c == 'Z'; });
  std::replace(when.begin(), when.end(), 'T', '.');
  std::string name = fmt::format("{}/{}/updates.{}", folder_, folder_name(collector), when);
  file.same_name = name == file.last_name ? file.same_name + 1 : 0;
  file.last_name = name;
  if (file.same_name > 0) name += fmt::format("-{}", file.same_name + 1);
  const Status written = write_(name + ".mrt", file.records);
  if (written) {
    ++files_;
    bytes_ += file.records.size();
  }
  held_ -= file.records.size();
  file.records = {};
  return written;
}

Status RecordArchive::add(const std::string& collector, Bytes record) {
  const Time time{Seconds{ByteReader(record).u32()}};
  // Names beyond the limit share one folder: nothing is lost, and the map stays small.
  const bool known = open_.contains(collector) || open_.size() < kMaxCollectors;
  const std::string name = known ? collector : "others";
  File& file = open_[name];
  Status written;
  if (!file.records.empty() && bin_begin(time, kFileLength) > bin_begin(file.first, kFileLength)) {
    written = write(name, file);
  }
  if (file.records.empty()) file.first = time;
  file.records.append(reinterpret_cast<const char*>(record.data()), record.size());
  held_ += record.size();
  if (held_ <= kMaxBytes || !written) return written;
  const auto fullest =
      std::max_element(open_.begin(), open_.end(), [](const auto& a, const auto& b) {
        return a.second.records.size() < b.second.records.size();
      });
  return write(fullest->first, fullest->second);
}

Status RecordArchive::tick(Time now) {
  Status all;
  for (auto& [collector, file] : open_) {
    if (file.records.empty()) continue;
    if (bin_begin(file.first, kFileLength) + kFileLength + kGrace > now) continue;
    if (const Status written = write(collector, file); !written) all = written;
  }
  return all;
}

Status RecordArchive::finish() {
  Status all;
  for (auto& [collector, file] : open_) {
    if (const Status written = write(collector, file); !written) all = written;
  }
  return all;
}

}  // namespace lightsout::live
