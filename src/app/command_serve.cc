// serve: the observatory for everybody with a browser or a script.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <mutex>

#include "app/commands.h"
#include "app/run.h"
#include "app/version.h"
#include "app/watching.h"
#include "serve/published_store.h"
#include "serve/site.h"
#include "store/duckdb_store.h"
#include "store/remote_store.h"
#include "store/store_service.h"
#include "web/built_files.h"

namespace lightsout {

namespace {

// What many threads have to say; the world is written to from one only.
class Lines {
 public:
  void add(std::string_view line) {
    constexpr std::size_t kMaxWaiting = 1 << 20;  // bytes: a second of 20,000 answers
    const std::lock_guard lock(mutex_);
    if (lines_.size() + line.size() > kMaxWaiting) {
      ++lost_;
    } else {
      lines_ += line;
    }
  }
  void flush(World& world) {
    std::string lines;
    std::uint64_t lost = 0;
    {
      const std::lock_guard lock(mutex_);
      lines.swap(lines_);
      std::swap(lost, lost_);
    }
    if (!lines.empty()) world.err(lines);
    if (lost > 0) world.err(fmt::format("{} lines more than the log could take\n", lost));
  }

 private:
  std::mutex mutex_;
  std::string lines_;
  std::uint64_t lost_ = 0;
};

Result<Assets> load_assets(const std::string& folder, World& world) {
  Assets assets;
  if (folder.empty()) {
    for (const BuiltFile& file : built_files()) {
      if (!file.name.starts_with("assets/")) continue;
      const Status added = assets.add("/" + std::string(file.name), std::string(file.bytes));
      if (!added) return added.error();
    }
    return assets;
  }
  Result<std::vector<std::pair<std::string, std::string>>> files = world.read_folder(folder);
  if (!files) return files.error();
  for (auto& [name, body] : *files) {
    if (!content_type_of(name)) continue;  // .LICENSE texts and the like
    if (const Status added = assets.add("/assets/" + name, std::move(body)); !added) {
      return added.error();
    }
  }
  return assets;
}

// The store's file is ours while we run; other commands come in through this door.
class Door {
 public:
  static Result<std::unique_ptr<Door>> open(const std::string& path, Store& store, World& world) {
    Result<std::unique_ptr<LocalListener>> listener = world.listen_local(socket_path(path));
    if (!listener) return listener.error();
    return std::make_unique<Door>(std::move(*listener), store);
  }
  Door(std::unique_ptr<LocalListener> listener, Store& store)
      : listener_(std::move(listener)),
        service_(store, *listener_, fmt::format("lightsout {}", kVersion)) {}

 private:
  std::unique_ptr<LocalListener> listener_;
  StoreService service_;
};

}  // namespace

int serve_command(const Options& options, World& world) {
  const auto say = [&](const std::string& sentence) {
    if (!options.quiet) world.err(sentence + "\n");
  };
  const std::string path = options.store.value_or("lightsout.db");
  Result<std::unique_ptr<Store>> store = open_duckdb_store(path);
  if (!store) return fail(world, store.error());
  Observatory observatory(
      **store, world.clock(), [&](const std::string& name) { return world.zone(name); }, kVersion);
  Result<Assets> assets = load_assets(options.serve.assets, world);
  if (!assets) return fail(world, assets.error());

  Lines log;
  Hub hub(world.clock());
  WebServer* running = nullptr;
  SiteParts parts{
      .observatory = observatory, .pages = all_pages(), .assets = std::move(*assets), .hub = &hub};
  parts.connections = [&] { return running != nullptr ? running->counters() : WebCounters{}; };
  if (options.serve.log) parts.log = [&](const std::string& line) { log.add(line); };
  Site site(std::move(parts));

  Result<std::unique_ptr<WebServer>> server =
      world.web_server({.listen = options.serve.listen,
                        .tls_certificate = options.serve.tls_certificate,
                        .tls_key = options.serve.tls_key},
                       site);
  if (!server) return fail(world, server.error());
  running = server->get();
  const std::string base = fmt::format(
      "{}://{}", options.serve.tls_certificate.empty() ? "http" : "https", running->address());
  PublishedStore published(**store, observatory, hub, base);
  const Result<std::unique_ptr<Door>> door = Door::open(path, published, world);
  if (!door) {
    say(fmt::format("other commands cannot use {} while this runs: {}", path,
                    door.error().message));
  }
  // Scripts wait for this line, so it comes also with --quiet.
  world.err(fmt::format("listening on {}\n", base));
  say(fmt::format("open {}{} in a browser; Ctrl-C ends it", base, options.serve.front));
  Result<std::unique_ptr<Watching>> watching =
      Watching::start(options, world, published, hub, [&](std::string_view sentence) {
        if (!options.quiet) log.add(std::string(sentence) + "\n");
      });
  if (!watching) return fail(world, watching.error());
  while (!running->wait(std::chrono::milliseconds(500))) log.flush(world);
  say("stopping: what is being answered is finished first");
  running->drain();
  (*watching)->stop();
  log.flush(world);
  return kOk;
}

}  // namespace lightsout
