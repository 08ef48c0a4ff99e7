// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "app/world.h"
#include "io/answer_folder.h"
#include "io/atomic_file.h"
#include "io/clock_real.h"
#include "io/files.h"
#include "io/http_curl.h"
#include "io/local_socket.h"
#include "io/progress.h"
#include "io/tcp_listener.h"
#include "io/web_server.h"
#include "io/zoneinfo.h"

namespace lightsout {

namespace {

constexpr std::size_t kSmallFile = 16 * 1024 * 1024;  // bytes; a scenario has some thousand

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && value[0] != '\0';
}

constexpr int kPipeBytes = 1 << 20;  // what Linux allows everybody; a dump fills 64 KiB too fast

class RealWorld final : public World {
 public:
  // Where standard output is no pipe this does nothing.
  RealWorld() { fcntl(STDOUT_FILENO, F_SETPIPE_SZ, kPipeBytes); }

  Clock& clock() override { return clock_; }
  Http& http() override { return *http_; }
  Result<std::unique_ptr<Http>> another_http() override { return make_http(); }

  Terminal terminal() override {
    Terminal terminal;
    const bool shown = isatty(STDOUT_FILENO) == 1;
    terminal.color = shown && !is_set("NO_COLOR");
    winsize size{};
    if (shown && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) {
      terminal.width = std::min<std::size_t>(size.ws_col, 100);
    }
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
      if (!is_set(name)) continue;
      const std::string_view locale = std::getenv(name);
      terminal.utf8 = locale.find("UTF-8") != std::string_view::npos ||
                      locale.find("utf8") != std::string_view::npos;
      break;
    }
    return terminal;
  }

  Result<WorldInputs> open_inputs(const std::vector<std::string>& paths) override {
    FileLimits limits;
    if (is_set("TMPDIR")) limits.spool_folder = std::getenv("TMPDIR");
    Result<OpenedInputs> opened = lightsout::open_inputs(paths, clock_, limits);
    if (!opened) return opened.error();
    return WorldInputs{std::move(opened->inputs), std::move(opened->notes)};
  }

  Result<std::string> read_file(const std::string& path) override {
    return lightsout::read_file(path, kSmallFile);
  }
  Status write_file(const std::string& path, std::string_view text) override {
    return write(path, text, Durability::now);
  }
  Status write_one_of_many(const std::string& path, std::string_view text) override {
    return write(path, text, Durability::later);
  }
  Status sync_below(const std::string& folder) override { return lightsout::sync_below(folder); }
  Result<std::unique_ptr<AnswerStore>> answers(const std::string& folder) override {
    Result<AnswerFolder> opened = AnswerFolder::open(folder);
    if (!opened) return opened.error();
    return std::unique_ptr<AnswerStore>(std::make_unique<AnswerFolder>(std::move(*opened)));
  }
  Result<Zone> zone(const std::string& iana_name) override { return load_zone(iana_name); }
  Result<std::unique_ptr<Listener>> listen(const std::string& address) override {
    return address == "-" ? listen_descriptor(STDIN_FILENO) : listen_tcp(address);
  }

  Result<std::vector<std::pair<std::string, std::string>>> read_folder(
      const std::string& path) override {
    return lightsout::read_folder(path, kSmallFile);
  }
  Result<std::unique_ptr<WebServer>> web_server(const WebServerOptions& options,
                                                WebHandler& handler) override {
    return start_web_server(options, handler);
  }

  Result<std::unique_ptr<LocalStream>> connect_local(const std::string& path) override {
    return lightsout::connect_local(path);
  }
  Result<std::unique_ptr<LocalListener>> listen_local(const std::string& path) override {
    return lightsout::listen_local(path);
  }

  Status out(std::string_view data) override {
    progress_.clear();
    if (data.empty()) return {};
    if (std::fwrite(data.data(), 1, data.size(), stdout) != data.size() ||
        std::fflush(stdout) != 0) {
      if (errno == EPIPE) std::_Exit(0);  // the reader (head, less) has seen enough
      return Error{ErrorKind::world,
                   std::string("cannot write to standard output: ") + std::strerror(errno)};
    }
    return {};
  }
  void err(std::string_view text) override {
    progress_.clear();
    std::fwrite(text.data(), 1, text.size(), stderr);
  }
  void progress(std::string_view what) override { progress_.show(what); }

 private:
  static Status write(const std::string& path, std::string_view text, Durability durability) {
    const std::size_t slash = path.rfind('/');
    if (slash != std::string::npos && slash > 0) {
      if (const Status made = make_folder(path.substr(0, slash)); !made) return made;
    }
    return lightsout::write_file(path, text, durability);
  }

  RealClock clock_;
  std::unique_ptr<Http> http_ = make_http();
  Progress progress_{stderr};
};

}  // namespace

// Worlds of tests that have no network and no folders need not say so.
Result<std::vector<std::pair<std::string, std::string>>> World::read_folder(
    const std::string& path) {
  return Error{ErrorKind::not_found, path + ": there are no folders here"};
}

Result<std::unique_ptr<Http>> World::another_http() {
  return Error{ErrorKind::world, "there is no network here"};
}

Result<std::unique_ptr<WebServer>> World::web_server(const WebServerOptions&, WebHandler&) {
  return Error{ErrorKind::world, "there is no network here"};
}

Result<std::unique_ptr<LocalStream>> World::connect_local(const std::string& path) {
  return Error{ErrorKind::not_found, "nobody listens at " + path};
}

Result<std::unique_ptr<LocalListener>> World::listen_local(const std::string&) {
  return Error{ErrorKind::world, "there are no sockets here"};
}

std::unique_ptr<World> real_world() {
  return std::make_unique<RealWorld>();
}

}  // namespace lightsout
