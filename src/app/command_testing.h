// CommandFolder: runs command lines of `lightsout` in this process, with a folder of their own: the
// whole program but its standard streams, on 23 November 2026, without colour and 80 columns wide.
//
//   CommandFolder folder;
//   folder.put("a.csv", "time,entity,signal,value\n...");
//   const Ran ran = folder.run("series --input $TMP/a.csv --format csv");
//   EXPECT_EQ(ran.code, kOk) << ran.err;
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/listener.h"

namespace lightsout {

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

class CommandFolder {
 public:
  CommandFolder();
  ~CommandFolder();
  CommandFolder(const CommandFolder&) = delete;
  CommandFolder& operator=(const CommandFolder&) = delete;

  void put(const std::string& name, std::string_view text) const;
  bool has(const std::string& name) const;
  std::string get(const std::string& name) const;
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  // A command line without the program's name. $TMP is this folder, $SOURCE the checkout, $DATA the
  // data folder (empty without one); '...' keeps blanks.
  // What others send to a command that listens comes from `listener`.
  Ran run(std::string line, std::unique_ptr<Listener> listener = nullptr) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace lightsout
