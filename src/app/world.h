// World: everything outside of us that a command may touch, in one seam. real_world.cc is the one
// that people run with; it is the only file beside the mains that includes io/.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/http.h"
#include "core/listener.h"
#include "core/local_stream.h"
#include "core/web_server.h"
#include "core/zone.h"
#include "source/ioda_fetch.h"
#include "source/source.h"

namespace lightsout {

struct Terminal {
  std::size_t width = 80;  // columns
  bool color = false;  // standard output is a terminal that shows colour, and NO_COLOR is not set
  bool utf8 = true;
};

struct WorldInputs {
  std::vector<Input> inputs;
  std::vector<std::string> notes;
};

class World {
 public:
  virtual ~World() = default;

  virtual Clock& clock() = 0;
  virtual Http& http() = 0;
  // One more, for another thread.
  virtual Result<std::unique_ptr<Http>> another_http();
  virtual Terminal terminal() = 0;

  // Files, folders (everything below them, by name) or "-" for standard input. What lies in a
  // folder and is left out is named in the notes; a path that does not exist is an Error.
  virtual Result<WorldInputs> open_inputs(const std::vector<std::string>& paths) = 0;
  virtual Result<std::string> read_file(const std::string& path) = 0;
  // The whole file or none of it, also when the power fails. Makes the folders above it.
  virtual Status write_file(const std::string& path, std::string_view text) = 0;
  // One of thousands of files: whole or not there, but safe from a power cut only after
  // sync_below().
  virtual Status write_one_of_many(const std::string& path, std::string_view text) = 0;
  virtual Status sync_below(const std::string& folder) = 0;
  // Where answers of an API are kept, verbatim.
  virtual Result<std::unique_ptr<AnswerStore>> answers(const std::string& folder) = 0;
  virtual Result<Zone> zone(const std::string& iana_name) = 0;
  // "ADDRESS:PORT", or "-" for standard input as it comes.
  virtual Result<std::unique_ptr<Listener>> listen(const std::string& address) = 0;
  // Files directly in a folder, name and content, by name.
  virtual Result<std::vector<std::pair<std::string, std::string>>> read_folder(
      const std::string& path);
  // Listens from then on. The handler must outlive it.
  virtual Result<std::unique_ptr<WebServer>> web_server(const WebServerOptions& options,
                                                        WebHandler& handler);

  // A process of this user on this machine that listens at that path; not_found when none does.
  virtual Result<std::unique_ptr<LocalStream>> connect_local(const std::string& path);
  virtual Result<std::unique_ptr<LocalListener>> listen_local(const std::string& path);

  virtual Status out(std::string_view data) = 0;     // standard output: data
  virtual void err(std::string_view text) = 0;       // standard error: everything else
  virtual void progress(std::string_view what) = 0;  // one line that replaces itself, on a terminal
};

// The world as it is: real clock, files, network, standard streams.
std::unique_ptr<World> real_world();

}  // namespace lightsout
