// RecordingWorld: the real world with a clock that stands still and streams that are kept.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/world.h"

namespace lightsout {

class StandingClock final : public Clock {
 public:
  explicit StandingClock(Time now) : now_(now) {}
  Time now() override { return now_; }
  // Nobody waits in a test: time passes at once.
  void sleep(std::chrono::milliseconds duration) override {
    now_ += std::chrono::ceil<Seconds>(duration);
  }

 private:
  Time now_;
};

class RecordingWorld final : public World {
 public:
  explicit RecordingWorld(Time now) : clock_(now), real_(real_world()) {}

  Clock& clock() override { return clock_; }
  Http& http() override { return real_->http(); }
  Terminal terminal() override { return {}; }
  Result<WorldInputs> open_inputs(const std::vector<std::string>& paths) override {
    return real_->open_inputs(paths);
  }
  Result<std::string> read_file(const std::string& path) override { return real_->read_file(path); }
  Status write_file(const std::string& path, std::string_view text) override {
    return real_->write_file(path, text);
  }
  Status write_one_of_many(const std::string& path, std::string_view text) override {
    return real_->write_one_of_many(path, text);
  }
  Status sync_below(const std::string& folder) override { return real_->sync_below(folder); }
  Result<std::unique_ptr<AnswerStore>> answers(const std::string& folder) override {
    return real_->answers(folder);
  }
  Result<Zone> zone(const std::string& iana_name) override { return real_->zone(iana_name); }
  Result<std::unique_ptr<Listener>> listen(const std::string& address) override {
    if (listener) return std::move(listener);
    return real_->listen(address);
  }
  Result<std::unique_ptr<LocalStream>> connect_local(const std::string& path) override {
    return real_->connect_local(path);
  }
  Result<std::unique_ptr<LocalListener>> listen_local(const std::string& path) override {
    return real_->listen_local(path);
  }
  Status out(std::string_view data) override {
    out_text += data;
    return {};
  }
  void err(std::string_view text) override { err_text += text; }
  void progress(std::string_view) override {}

  std::unique_ptr<Listener> listener;  // what listen() gives, once; nullptr: the real one
  std::string out_text;
  std::string err_text;

 private:
  StandingClock clock_;
  std::unique_ptr<World> real_;
};

}  // namespace lightsout
