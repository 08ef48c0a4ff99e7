// SPDX-License-Identifier: Apache-2.0
#include "mrt/dump_chunks.h"

#include <algorithm>

namespace lightsout::mrt {

DumpChunks::DumpChunks(const DumpOptions& options, const TextSink& sink)
    : sink_(sink), text_(options.format, options.filter, kPieceBytes + kPieceBytes / 4) {
  const unsigned threads = std::clamp(options.threads, 1u, kMaxThreads);
  if (threads == 1) return;
  chunks_ = std::vector<Chunk>(2 * std::size_t{threads} + 1);
  for (Chunk& chunk : chunks_) chunk.bytes.reserve(kChunkBytes + kChunkBytes / 4);
  for (unsigned i = 1; i < threads; ++i) {
    helper_texts_.emplace_back(options.format, options.filter, std::size_t{4096});
  }
  for (RecordText& text : helper_texts_) {
    helpers_.emplace_back([this, &text] {
      while (true) {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, [&] { return stop_ || next_ < published_; });
        if (next_ == published_) return;
        Chunk& chunk = chunks_[next_++ % chunks_.size()];
        lock.unlock();
        make_text(text, chunk);
        lock.lock();
        chunk.done = true;
        done_.notify_one();
      }
    });
  }
}

DumpChunks::~DumpChunks() {
  const std::lock_guard lock(mutex_);
  stop_ = true;
  next_ = published_;  // an early end: what was not begun is not wanted
  ready_.notify_all();
}

void DumpChunks::hand_on(std::string_view text) {
  if (wanted_ && !text.empty()) wanted_ = sink_(text);
}

void DumpChunks::one(RecordText& text, const Record& record, const PeerSet* peers,
                     const std::string& file, Damage& damage,
                     std::map<std::string, std::uint64_t>& unsupported) const {
  if (text.add(record, peers, file, damage) == Decoded::unsupported) {
    ++unsupported[name_of(record.type, record.subtype)];
  }
}

void DumpChunks::make_text(RecordText& text, Chunk& chunk) const {
  const std::uint64_t before = text.lines().count();
  std::swap(text.lines().out(), chunk.text);
  for (Item& item : chunk.items) {
    item.record.body = Bytes(chunk.bytes).subspan(item.begin, item.size);
    one(text, item.record, item.peers, *item.file, chunk.damage, chunk.unsupported);
  }
  std::swap(text.lines().out(), chunk.text);
  chunk.lines = text.lines().count() - before;
}

bool DumpChunks::emit_next(bool wait) {
  if (tail_ == head_) return false;
  Chunk& chunk = chunks_[tail_ % chunks_.size()];
  {
    std::unique_lock lock(mutex_);
    if (!chunk.done) {
      if (!wait) return false;
      // The caller helps, but only where the next chunk for the sink is not begun yet or there is
      // other work; else it waits.
      while (!chunk.done) {
        if (next_ == published_) {
          done_.wait(lock, [&] { return chunk.done; });
          break;
        }
        Chunk& other = chunks_[next_++ % chunks_.size()];
        lock.unlock();
        make_text(text_, other);
        lock.lock();
        other.done = true;
      }
    }
  }
  hand_on(chunk.text.text());
  lines_ += chunk.lines;
  damage_.merge(chunk.damage);
  for (const auto& [type, count] : chunk.unsupported) unsupported_[type] += count;
  chunk.text.clear();
  chunk.bytes.clear();
  chunk.items.clear();
  chunk.kept.clear();
  chunk.damage = Damage();
  chunk.unsupported.clear();
  chunk.done = false;
  ++tail_;
  return true;
}

void DumpChunks::publish() {
  {
    const std::lock_guard lock(mutex_);
    ++published_;
  }
  ++head_;
  ready_.notify_one();
  while (emit_next(false)) {
  }
  if (head_ - tail_ == chunks_.size()) emit_next(true);
}

bool DumpChunks::add(const Record& record, const std::shared_ptr<const PeerSet>& peers,
                     const std::string& file) {
  if (chunks_.empty()) {
    one(text_, record, peers.get(), file, damage_, unsupported_);
    Slab& out = text_.lines().out();
    if (out.size() >= kPieceBytes) {
      hand_on(out.text());
      out.clear();
    }
    return wanted_;
  }
  Chunk& chunk = chunks_[head_ % chunks_.size()];
  if (peers != nullptr && (chunk.kept.empty() || chunk.kept.back() != peers)) {
    chunk.kept.push_back(peers);
  }
  chunk.items.push_back({record, chunk.bytes.size(), record.body.size(), peers.get(), &file});
  chunk.bytes.insert(chunk.bytes.end(), record.body.begin(), record.body.end());
  if (chunk.bytes.size() >= kChunkBytes) publish();
  return wanted_;
}

void DumpChunks::finish(Damage& damage, DumpTotals& totals) {
  if (chunks_.empty()) {
    hand_on(text_.lines().out().text());
    text_.lines().out().clear();
    lines_ = text_.lines().count();
  } else {
    publish();
    while (emit_next(true)) {
    }
  }
  damage.merge(damage_);
  totals.lines = lines_;
  totals.unsupported = unsupported_;
  totals.stopped = !wanted_;
}

}  // namespace lightsout::mrt
