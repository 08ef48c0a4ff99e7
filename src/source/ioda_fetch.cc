// SPDX-License-Identifier: Apache-2.0
#include "source/ioda_fetch.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "source/answer_manifest.h"
#include "source/ioda_answer.h"
#include "source/patient_http.h"

namespace lightsout {

namespace {

constexpr Seconds kRegionListAge = std::chrono::days{30};

// One request: a datasource and a piece of the grid, cut at now.
struct Piece {
  std::string datasource;
  TimeRange range;
  bool settled = false;  // lies so far back that its numbers change no more
};

// How IODA calls an entity.
struct Subject {
  std::string type;  // "country"
  std::string code;  // "KZ"
};

class OwnedSource final : public ByteSource {
 public:
  explicit OwnedSource(std::shared_ptr<const std::string> text)
      : text_(std::move(text)), source_(std::string_view(*text_)) {}
  Result<std::size_t> read(std::span<std::uint8_t> into) override { return source_.read(into); }

 private:
  std::shared_ptr<const std::string> text_;
  MemorySource source_;
};

Input input_of(const KeptAnswer& kept, std::string bytes, bool synthetic) {
  Input input{.lineage = {.sha256 = kept.sha256,
                          .name = kept.url,
                          .arrived = kept.retrieved_at,
                          .semi_synthetic = synthetic}};
  auto text = std::make_shared<const std::string>(std::move(bytes));
  input.open = [text]() -> Result<std::unique_ptr<ByteSource>> {
    return std::unique_ptr<ByteSource>(std::make_unique<OwnedSource>(text));
  };
  return input;
}

std::string compact(Time time) {  // 20220105T103000Z
  std::string text = format_time(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

std::int64_t unix_of(Time time) {
  return time.time_since_epoch().count();
}

std::string days_of(const TimeRange& range) {
  return fmt::format("{} to {}", format_date(range.begin), format_date(range.end - Seconds{1}));
}

Result<std::vector<Piece>> plan(const IodaQuery& query, Time now) {
  if (query.range.empty()) return Error{ErrorKind::usage, "the range is empty"};
  if (query.range.begin >= now) {
    return Error{ErrorKind::usage, "the range lies in the future; nothing is measured there yet"};
  }
  // A bin that is still running would look like a fall.
  const Time finished = bin_begin(now, kIodaFresh);
  std::vector<Piece> pieces;
  for (const std::string& datasource : query.datasources) {
    if (!is_answer_name(datasource)) {
      return Error{ErrorKind::usage, fmt::format("'{}' is no datasource of IODA", datasource)};
    }
    Time begin = bin_begin(query.range.begin, query.piece);
    for (; begin < query.range.end && begin < finished; begin += query.piece) {
      const Time end = std::min(begin + query.piece, finished);
      pieces.push_back({.datasource = datasource,
                        .range = {begin, end},
                        .settled = begin + query.piece + kIodaSettled <= now});
      if (pieces.size() > kIodaPieceLimit) {
        return Error{ErrorKind::limit,
                     fmt::format("the range needs more than {} requests to IODA; ask for a shorter "
                                 "one",
                                 kIodaPieceLimit)};
      }
    }
  }
  return pieces;
}

class Fetch {
 public:
  Fetch(const IodaQuery& query, Http& http, Clock& clock, AnswerManifest manifest)
      : query_(query), http_(http, clock), clock_(clock), manifest_(std::move(manifest)) {}

  // How IODA calls the entity; may ask for its list of regions.
  Status find_subject();
  // Error only when an answer cannot be kept.
  Status piece(const Piece& piece);
  IodaFetched finish();

 private:
  Result<Subject> subject_of(const Entity& entity);
  Result<Subject> region_subject();
  Result<std::string> region_list(std::string_view country);
  const KeptAnswer* newest(const std::string& prefix) const;
  bool use_kept(const KeptAnswer& kept, const Piece& piece);
  void fall_back(const KeptAnswer* kept, const Piece& piece, std::string reason);
  void add_input(const KeptAnswer& kept, std::string bytes, const IodaShape& shape,
                 const Piece& piece);
  Result<IodaShape> shape_of(std::string_view body, const Piece& piece) const {
    return ioda_signals_shape(body, subject_.type, subject_.code, piece.datasource);
  }
  void gap(const Piece& piece, std::string reason) {
    fetched_.missing.push_back({piece.datasource, piece.range, std::move(reason)});
  }

  const IodaQuery& query_;
  PatientHttp http_;
  Clock& clock_;
  AnswerManifest manifest_;
  Subject subject_;
  IodaFetched fetched_;
  std::size_t bytes_ = 0;
};

Status Fetch::find_subject() {
  Result<Subject> found = subject_of(query_.entity);
  if (!found) return found.error();
  subject_ = std::move(*found);
  return {};
}

Result<Subject> Fetch::subject_of(const Entity& entity) {
  const std::string number = std::to_string(entity.asn().number);
  switch (entity.type()) {
    case EntityType::country:
      return Subject{"country", std::string(entity.code())};
    case EntityType::region:
      return region_subject();
    case EntityType::asn:
      if (entity.country().empty()) return Subject{"asn", number};
      return Subject{"geoasn", fmt::format("{}-{}", number, entity.country())};
    case EntityType::service:
      break;
  }
  return Error{ErrorKind::usage, fmt::format("IODA measures countries, regions and networks, and "
                                             "'{}' is a service",
                                             entity.text())};
}

std::string folded(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
    if (c == '_') c = ' ';
  }
  return text;
}

// IODA numbers the regions in its own way, so a region is looked up by its name.
Result<Subject> Fetch::region_subject() {
  const std::string_view name = query_.entity.code().substr(3);
  const Result<std::string> list = region_list(query_.entity.country());
  if (!list) return list.error();
  const Result<std::vector<IodaRegion>> regions = ioda_regions(*list);
  if (!regions) return regions.error();
  std::string known;
  for (const IodaRegion& region : *regions) {
    if (folded(region.name) == folded(name)) return Subject{"region", region.code};
    known += (known.empty() ? "" : ", ") + region.name;
  }
  return Error{ErrorKind::not_found,
               fmt::format("IODA knows no region '{}' of {}; it knows {}", name,
                           query_.entity.country(), known.empty() ? "none" : known)};
}

Result<std::string> Fetch::region_list(std::string_view country) {
  const std::string name = fmt::format("ioda.regions.{}.json", country);
  const std::string url =
      fmt::format("{}/entities/query?entityType=region&relatedTo=country/{}", query_.base, country);
  const auto kept = manifest_.answers().find(name);
  if (kept != manifest_.answers().end() && kept->second.url == url &&
      (query_.offline || kept->second.retrieved_at + kRegionListAge > clock_.now())) {
    std::optional<std::string> bytes = manifest_.bytes_of(kept->second);
    if (bytes) return std::move(*bytes);
  }
  if (query_.offline) {
    return Error{ErrorKind::world,
                 "IODA's list of regions was not kept, and there is no connection"};
  }
  PatientAnswer got = http_.get(url, kIodaBodyLimit, [](const std::string& body) -> Status {
    const Result<std::vector<IodaRegion>> regions = ioda_regions(body);
    return regions ? Status{} : regions.error();
  });
  if (!got.trouble.empty()) {
    return Error{ErrorKind::world,
                 fmt::format("IODA's list of regions is not to be had: {}", got.trouble)};
  }
  const Result<KeptAnswer> stored = manifest_.keep(name, url, *got.answer, clock_.now());
  if (!stored) return stored.error();
  return std::move(got.answer->body);
}

// Of several answers for a piece that was not settled yet, the last. Only from the same server: a
// folder may hold answers of a test server too.
const KeptAnswer* Fetch::newest(const std::string& prefix) const {
  const KeptAnswer* best = nullptr;
  for (auto it = manifest_.answers().lower_bound(prefix);
       it != manifest_.answers().end() && it->first.starts_with(prefix); ++it) {
    if (!it->second.url.starts_with(query_.base + "/")) continue;
    if (best == nullptr || best->retrieved_at < it->second.retrieved_at) best = &it->second;
  }
  return best;
}

bool Fetch::use_kept(const KeptAnswer& kept, const Piece& piece) {
  std::optional<std::string> bytes = manifest_.bytes_of(kept);
  if (!bytes) return false;
  const Result<IodaShape> shape = shape_of(*bytes, piece);
  if (!shape) return false;
  ++fetched_.kept;
  add_input(kept, std::move(*bytes), *shape, piece);
  return true;
}

// The network gave nothing: an older answer is better than none, when that is said.
void Fetch::fall_back(const KeptAnswer* kept, const Piece& piece, std::string reason) {
  if (kept != nullptr && use_kept(*kept, piece)) {
    fetched_.notes.push_back(fmt::format("{}, {}: {}; the answer of {} was used instead",
                                         piece.datasource, days_of(piece.range), reason,
                                         format_time(kept->retrieved_at)));
  } else {
    gap(piece, std::move(reason));
  }
}

void Fetch::add_input(const KeptAnswer& kept, std::string bytes, const IodaShape& shape,
                      const Piece& piece) {
  bytes_ += bytes.size();
  if (bytes_ > query_.total_limit) {
    gap(piece, fmt::format("all answers together are more than {} bytes", query_.total_limit));
    return;
  }
  if (shape.values == 0) gap(piece, std::string(kIodaHasNone));
  fetched_.inputs.push_back(input_of(kept, std::move(bytes), shape.synthetic));
}

Status Fetch::piece(const Piece& piece) {
  // A day's answer is no answer for the 28 that begin with it.
  const std::string length =
      query_.piece == kIodaPiece ? "" : fmt::format("-{}h", query_.piece.count() / 3600);
  const std::string prefix =
      fmt::format("ioda.{}.{}.{}.{}{}.", subject_.type, subject_.code, piece.datasource,
                  compact(piece.range.begin).substr(0, 8), length);
  const KeptAnswer* kept = newest(prefix);
  const Time now = clock_.now();
  const bool complete = kept != nullptr && kept->retrieved_at >= piece.range.end + kIodaSettled;
  const bool fresh = kept != nullptr && kept->retrieved_at + kIodaFresh > now;
  if ((complete || fresh) && use_kept(*kept, piece)) return {};
  if (query_.offline) {
    fall_back(kept, piece, "there is no connection");
    return {};
  }
  if (http_.silent() >= kIodaSilentPieces) {
    fall_back(kept, piece, "not asked for, because the server did not answer before");
    return {};
  }

  const std::string url = fmt::format(
      "{}/signals/raw/{}/{}?from={}&until={}&datasource={}", query_.base, subject_.type,
      subject_.code, unix_of(piece.range.begin), unix_of(piece.range.end), piece.datasource);
  IodaShape shape;
  PatientAnswer got = http_.get(url, kIodaBodyLimit, [&](const std::string& body) -> Status {
    const Result<IodaShape> found = shape_of(body, piece);
    if (!found) return found.error();
    shape = *found;
    return {};
  });
  // An answer that is no measurement is evidence too, and lies where nobody takes it for one.
  const std::string name = fmt::format("{}{}{}json", got.trouble.empty() ? "" : "failed.", prefix,
                                       piece.settled ? "" : compact(clock_.now()) + ".");
  if (!got.trouble.empty()) fall_back(kept, piece, got.trouble);
  if (!got.answer) return {};
  const Result<KeptAnswer> stored = manifest_.keep(name, url, *got.answer, clock_.now());
  if (!stored) return stored.error();
  if (got.trouble.empty()) add_input(*stored, std::move(got.answer->body), shape, piece);
  return {};
}

IodaFetched Fetch::finish() {
  fetched_.asked = http_.requests();
  if (manifest_.unreadable_lines() > 0) {
    fetched_.notes.push_back(
        fmt::format("{} lines of {} could not be read; their answers were "
                    "asked for again",
                    manifest_.unreadable_lines(), kManifestName));
  }
  return std::move(fetched_);
}

}  // namespace

Result<IodaFetched> fetch_ioda(const IodaQuery& asked, Http& http, Clock& clock, AnswerStore& store,
                               const FetchProgress& progress) {
  IodaQuery query = asked;
  while (query.base.ends_with('/')) query.base.pop_back();
  const Result<std::vector<Piece>> pieces = plan(query, clock.now());
  if (!pieces) return pieces.error();
  Result<AnswerManifest> manifest = AnswerManifest::load(store);
  if (!manifest) return manifest.error();
  Fetch fetch(query, http, clock, std::move(*manifest));
  const Status known = fetch.find_subject();
  if (!known) return known.error();
  std::size_t done = 0;
  for (const Piece& piece : *pieces) {
    if (progress) {
      progress(done++, pieces->size(),
               fmt::format("{}, {}", piece.datasource, days_of(piece.range)));
    }
    const Status kept = fetch.piece(piece);
    if (!kept) return kept.error();
  }
  return fetch.finish();
}

Status ioda_reachable(Http& http, std::string_view base) {
  const Result<HttpAnswer> answer = http.get({.url = fmt::format("{}/datasources/", base),
                                              .timeout = std::chrono::seconds{3},
                                              .body_limit = 1024 * 1024});
  if (!answer) return answer.error();
  if (answer->status < 500) return {};
  return Error{ErrorKind::world, fmt::format("{}: the server answered {}", base, answer->status)};
}

std::vector<std::string> sentences_of(const std::vector<IodaGap>& missing) {
  std::vector<std::string> sentences;
  for (std::size_t i = 0; i < missing.size();) {
    std::size_t end = i + 1;  // pieces that follow each other with the same fate are one sentence
    while (end < missing.size() && missing[end].datasource == missing[i].datasource &&
           missing[end].reason == missing[i].reason) {
      ++end;
    }
    const TimeRange range{missing[i].range.begin, missing[end - 1].range.end};
    sentences.push_back(fmt::format("IODA's {} is missing for {}: {}.", missing[i].datasource,
                                    days_of(range), missing[i].reason));
    i = end;
  }
  return sentences;
}

}  // namespace lightsout
