// A value a key, made by the first who asks while others wait for that key only.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace badmx::certgen {

template <typename Key, typename Value>
class OnceCache {
 public:
  // `make()` is called at most once a key, unless it throws. The reference lives as long as this.
  template <typename Make>
  const Value& get(const Key& key, Make make) {
    Slot& slot = find(key);
    std::call_once(slot.once, [&] { slot.value.emplace(make()); });
    return *slot.value;
  }

 private:
  struct Slot {
    std::once_flag once;
    std::optional<Value> value;
  };

  Slot& find(const Key& key) {
    const std::lock_guard lock(mutex_);
    std::unique_ptr<Slot>& slot = slots_[key];
    if (!slot) slot = std::make_unique<Slot>();
    return *slot;
  }

  std::mutex mutex_;
  std::map<Key, std::unique_ptr<Slot>> slots_;
};

}  // namespace badmx::certgen
