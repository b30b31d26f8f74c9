// The C++ SDK of Ostler: one header, C++17, nothing but the standard library and the system.
//
//     #include "ostler_worker.hpp"
//     int main() {
//       return ostler::serve({{"default", [](const ostler::Input& in, ostler::Task&) { return in.text(); }}});
//     }
//
// docs/protocol.md says what goes over the wire. The parts of this file, in order: Json, bodies (values with bytes in them),
// errors, frames, the channel (POSIX and Windows), the ledger, tasks, the session.
#ifndef OSTLER_WORKER_HPP
#define OSTLER_WORKER_HPP

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <exception>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <typeinfo>
#include <utility>
#include <variant>
#include <vector>

#ifdef _WIN32
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX // MinGW's standard library defines it by itself
#define NOMINMAX
#endif
#include <fcntl.h>
#include <io.h>
#include <windows.h>
#else
#include <cerrno>
#include <cxxabi.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace ostler {

// ---------------------------------------------------------------------------------------------------------------- Json

class Json;
using Bytes = std::vector<std::uint8_t>;
using Array = std::vector<Json>;
/// Members in their order; a key occurs once.
using Object = std::vector<std::pair<std::string, Json>>;

/// What JSON would change, or can't read. `path` is a JSON Pointer.
class JsonValueError : public std::runtime_error {
 public:
  JsonValueError(std::string at, const std::string& what)
      : std::runtime_error("the value at " + (at.empty() ? "its root" : at) + " " + what), path(std::move(at)) {}
  std::string path;
};

/// A JSON value; bytes may stand anywhere in it and travel beside the JSON.
class Json {
 public:
  using Value = std::variant<std::nullptr_t, bool, double, std::string, Array, Object, Bytes>;

  Json(std::nullptr_t = nullptr) {}
  Json(bool value) : value_(value) {}
  Json(double value) : value_(value) {}
  template <class N, std::enable_if_t<std::is_integral_v<N> && !std::is_same_v<N, bool>, int> = 0>
  Json(N value) : value_(exact(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}
  Json(Bytes value) : value_(std::move(value)) {}

  template <class T>
  bool is() const { return std::holds_alternative<T>(value_); }
  bool is_null() const { return is<std::nullptr_t>(); }
  /// Throws a JsonValueError where the value is of another type.
  template <class T>
  const T& as() const {
    if (const T* value = std::get_if<T>(&value_)) return *value;
    throw JsonValueError("", "is " + std::string(type_name()) + ", which the handler did not expect");
  }
  const std::string& text() const { return as<std::string>(); }
  double number() const { return as<double>(); }
  /// The member of that name; null where there is none, or where this is no object.
  const Json& operator[](std::string_view key) const {
    static const Json none;
    if (const Object* object = std::get_if<Object>(&value_))
      for (const auto& [name, value] : *object)
        if (name == key) return value;
    return none;
  }
  Value& value() { return value_; }
  const Value& value() const { return value_; }
  const char* type_name() const {
    static constexpr const char* names[] = {"null", "a boolean", "a number", "a string", "an array", "an object", "bytes"};
    return names[value_.index()];
  }

 private:
  /// An integer that a double can't hold stays out: NaN is refused when the value is written, with its path.
  template <class N>
  static double exact(N value) {
    const double number = static_cast<double>(value);
    return std::abs(number) <= 9007199254740992.0 ? number : std::numeric_limits<double>::quiet_NaN();
  }
  Value value_;
};

namespace detail {

constexpr int max_depth_sent = 500;
/// A receiver takes more than a sender sends; but a stack has an end.
constexpr int max_depth_received = 5000;

/// The length of the UTF-8 character at `at`, or 0 where there is none (RFC 3629: no surrogates, nothing overlong).
inline std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u; };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return tail(1) ? 2 : 0;
  if (first < 0xF0) {
    const bool fits = tail(1) && tail(2) && !(first == 0xE0 && byte(1) < 0xA0) && !(first == 0xED && byte(1) > 0x9F);
    return fits ? 3 : 0;
  }
  const bool fits = tail(1) && tail(2) && tail(3) && first < 0xF5 && !(first == 0xF0 && byte(1) < 0x90) && !(first == 0xF4 && byte(1) > 0x8F);
  return fits ? 4 : 0;
}

inline void append_utf8(std::string& text, std::uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 63))};
  } else if (code < 0x10000) {
    text += {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 63)), static_cast<char>(0x80 | (code & 63))};
  } else {
    text += {static_cast<char>(0xF0 | code >> 18), static_cast<char>(0x80 | (code >> 12 & 63)), static_cast<char>(0x80 | (code >> 6 & 63)),
             static_cast<char>(0x80 | (code & 63))};
  }
}

/// Reads RFC 8259. Half a surrogate pair, which is no Unicode text, becomes the three bytes that UTF-8 would have for it.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  Json read() {
    Json value = read_value(0);
    skip_space();
    if (at_ < text_.size()) fail("has more behind its end");
    return value;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw JsonValueError("", what + " (malformed JSON, byte " + std::to_string(at_) + ")"); }
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) at_++;
  }
  bool take(char wanted) {
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    at_++;
    return true;
  }
  void demand(char wanted) {
    if (!take(wanted)) fail(std::string("lacks '") + wanted + "'");
  }
  bool take_word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  Json read_value(int depth) {
    if (depth > max_depth_received) fail("is nested too deeply");
    skip_space();
    if (take('{')) return read_object(depth);
    if (take('[')) return read_array(depth);
    if (take('"')) return read_string();
    if (take_word("true")) return true;
    if (take_word("false")) return false;
    if (take_word("null")) return nullptr;
    return read_number();
  }
  Json read_array(int depth) {
    Array items;
    skip_space();
    if (take(']')) return items;
    do {
      items.push_back(read_value(depth + 1));
      skip_space();
    } while (take(','));
    demand(']');
    return items;
  }
  Json read_object(int depth) {
    Object members;
    skip_space();
    if (take('}')) return members;
    do {
      skip_space();
      demand('"');
      std::string key = read_string();
      skip_space();
      demand(':');
      Json value = read_value(depth + 1);
      const auto same = std::find_if(members.begin(), members.end(), [&](const auto& member) { return member.first == key; });
      if (same != members.end()) same->second = std::move(value);
      else members.emplace_back(std::move(key), std::move(value));
      skip_space();
    } while (take(','));
    demand('}');
    return members;
  }
  Json read_number() {
    const std::size_t start = at_;
    take('-');
    if (!take('0')) digits();
    if (take('.')) digits();
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      digits();
    }
    return std::strtod(std::string(text_.substr(start, at_ - start)).c_str(), nullptr);
  }
  void digits() {
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') at_++;
    if (at_ == start) fail("has no value where one is expected");
  }
  std::string read_string() {
    std::string text;
    for (;;) {
      if (at_ >= text_.size()) fail("has a string without an end");
      const char next = text_[at_];
      if (next == '"') return at_++, text;
      if (next == '\\') {
        at_++;
        read_escape(text);
      } else {
        const std::size_t length = utf8_length(text_, at_);
        if (length == 0 || static_cast<unsigned char>(next) < 0x20) fail("has a string with a byte that may not be there");
        text.append(text_.substr(at_, length));
        at_ += length;
      }
    }
  }
  void read_escape(std::string& text) {
    static constexpr std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
    if (take('u')) {
      std::uint32_t code = hex4();
      const bool is_high = code >= 0xD800 && code < 0xDC00;
      if (is_high && text_.substr(at_, 2) == "\\u") {
        const std::size_t before = at_;
        at_ += 2;
        const std::uint32_t low = hex4();
        if (low >= 0xDC00 && low < 0xE000) code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        else at_ = before;
      }
      append_utf8(text, code);
      return;
    }
    const std::size_t index = at_ < text_.size() ? from.find(text_[at_]) : std::string_view::npos;
    if (index == std::string_view::npos) fail("has an escape that is none");
    text += to[index];
    at_++;
  }
  std::uint32_t hex4() {
    std::uint32_t code = 0;
    const std::string_view digits = text_.substr(at_, 4);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (error != std::errc() || end != digits.data() + 4) fail("has an escape that is none");
    at_ += 4;
    return code;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

struct Attachment {
  std::string path;
  const Bytes* content;
};

/// Writes a value as JSON; bytes become null, and are listed with their paths. Throws a JsonValueError for what JSON would change.
class JsonWriter {
 public:
  std::string json;
  std::vector<Attachment> attachments;

  void write(const Json& value, int depth = 0) {
    if (depth > max_depth_sent) throw JsonValueError(path_, "is nested more than 500 levels deep");
    std::visit([&](const auto& content) { put(content, depth); }, value.value());
  }

 private:
  void put(std::nullptr_t, int) { json += "null"; }
  void put(bool value, int) { json += value ? "true" : "false"; }
  void put(double value, int) {
    if (!std::isfinite(value)) throw JsonValueError(path_, "is a number that JSON can't carry unchanged (NaN, infinite, or beyond 2^53)");
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value == 0 ? 0.0 : value).ptr;
    json.append(digits, end);
  }
  void put(const std::string& value, int) { put_text(value); }
  void put(const Bytes& value, int) {
    attachments.push_back({path_, &value});
    json += "null";
  }
  void put(const Array& items, int depth) {
    json += '[';
    for (std::size_t i = 0; i < items.size(); i++) {
      if (i > 0) json += ',';
      descend(std::to_string(i), items[i], depth);
    }
    json += ']';
  }
  void put(const Object& members, int depth) {
    json += '{';
    bool first = true;
    for (const auto& [key, value] : members) {
      if (!first) json += ',';
      first = false;
      put_text(key);
      json += ':';
      descend(escaped(key), value, depth);
    }
    json += '}';
  }
  void descend(const std::string& step, const Json& value, int depth) {
    const std::size_t length = path_.size();
    path_ += '/';
    path_ += step;
    write(value, depth + 1);
    path_.resize(length);
  }
  static std::string escaped(const std::string& key) {
    std::string step;
    for (const char next : key) {
      if (next == '~') step += "~0";
      else if (next == '/') step += "~1";
      else step += next;
    }
    return step;
  }
  void put_text(const std::string& text) {
    json += '"';
    for (std::size_t at = 0; at < text.size();) {
      const auto next = static_cast<unsigned char>(text[at]);
      const std::size_t length = utf8_length(text, at);
      if (next == '"' || next == '\\') {
        json += '\\';
        json += text[at++];
      } else if (next < 0x20) {
        put_escape(next);
        at++;
      } else if (length > 0) {
        json.append(text, at, length);
        at += length;
      } else if (next == 0xED && at + 2 < text.size()) { // half a surrogate pair, as the reader leaves it
        put_escape(static_cast<std::uint32_t>((next & 15) << 12 | (text[at + 1] & 63) << 6 | (text[at + 2] & 63)));
        at += 3;
      } else {
        throw JsonValueError(path_, "is a string that is not UTF-8 at byte " + std::to_string(at));
      }
    }
    json += '"';
  }
  void put_escape(std::uint32_t code) {
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(code));
    json += escape;
  }

  std::string path_;
};

// ------------------------------------------------------------------------------------------------------------- bodies

enum Encoding : std::uint8_t { enc_bytes = 0, enc_json = 1, enc_attachments = 2 };

inline std::uint32_t load32(const void* from) {
  std::uint32_t word;
  std::memcpy(&word, from, 4);
  return word;
}
inline void store32(void* to, std::uint32_t word) { std::memcpy(to, &word, 4); }
inline void append32(std::string& to, std::uint32_t word) { to.append(reinterpret_cast<const char*>(&word), 4); }

/// The place that a JSON Pointer names, through own members only; null where there is none.
inline Json* find(Json& root, std::string_view path) {
  Json* place = &root;
  while (!path.empty()) {
    if (path[0] != '/') return nullptr;
    const std::size_t end = std::min(path.find('/', 1), path.size());
    std::string step;
    for (std::size_t i = 1; i < end; i++) {
      if (path[i] != '~') step += path[i];
      else if (++i < end && (path[i] == '0' || path[i] == '1')) step += path[i] == '0' ? '~' : '/';
      else return nullptr;
    }
    path.remove_prefix(end);
    Json* next = nullptr;
    if (auto* members = std::get_if<Object>(&place->value())) {
      for (auto& [key, value] : *members)
        if (key == step) next = &value;
    } else if (auto* items = std::get_if<Array>(&place->value())) {
      std::size_t index = 0;
      const auto parsed = std::from_chars(step.data(), step.data() + step.size(), index);
      const bool is_index = parsed.ec == std::errc() && parsed.ptr == step.data() + step.size() && std::to_string(index) == step;
      if (is_index && index < items->size()) next = &(*items)[index];
    }
    if (next == nullptr) return nullptr;
    place = next;
  }
  return place;
}

/// A body with an attachment table (docs/protocol.md, 5).
inline Json read_attachments(std::string_view body) {
  const auto malformed = [](const char* what) { return JsonValueError("", std::string("has malformed attachments: ") + what); };
  if (body.size() < 8) throw malformed("no table");
  const std::uint64_t json_size = load32(body.data()), count = load32(body.data() + 4);
  std::uint64_t paths = 8 + 8 * count + json_size;
  if (paths > body.size()) throw malformed("the table is longer than the body");
  const auto entry = [&](std::uint64_t index, int which) { return std::uint64_t(load32(body.data() + 8 + 8 * index + 4 * which)); };
  std::uint64_t contents = paths, total = paths;
  for (std::uint64_t i = 0; i < count; i++) contents += entry(i, 0), total += entry(i, 0) + entry(i, 1);
  if (total != body.size()) throw malformed("its parts do not add up");
  Json root = JsonReader(body.substr(8 + 8 * count, json_size)).read();
  for (std::uint64_t i = 0; i < count; i++) {
    Json* place = find(root, body.substr(paths, entry(i, 0)));
    if (place == nullptr || !place->is_null()) throw malformed("a path leads to no null");
    const std::string_view content = body.substr(contents, entry(i, 1));
    *place = Json(Bytes(content.begin(), content.end()));
    paths += entry(i, 0);
    contents += entry(i, 1);
  }
  return root;
}

inline Json read_value(std::uint8_t encoding, std::string_view body) {
  if (encoding == enc_json) return JsonReader(body).read();
  if (encoding == enc_attachments) return read_attachments(body);
  throw JsonValueError("", "has the encoding " + std::to_string(encoding) + ", which this SDK does not know");
}

/// A value as the body of a reply; encoding 2 where there are bytes in it.
inline std::pair<std::uint8_t, std::string> write_value(const Json& value) {
  JsonWriter writer;
  writer.write(value);
  if (writer.attachments.empty()) return {enc_json, std::move(writer.json)};
  std::string body;
  append32(body, static_cast<std::uint32_t>(writer.json.size()));
  append32(body, static_cast<std::uint32_t>(writer.attachments.size()));
  for (const auto& [path, content] : writer.attachments) {
    append32(body, static_cast<std::uint32_t>(path.size()));
    append32(body, static_cast<std::uint32_t>(content->size()));
  }
  body += writer.json;
  for (const auto& attachment : writer.attachments) body += attachment.path;
  for (const auto& attachment : writer.attachments) body.append(attachment.content->begin(), attachment.content->end());
  return {enc_attachments, std::move(body)};
}

inline std::string to_json(const Json& value) {
  JsonWriter writer;
  writer.write(value);
  return std::move(writer.json);
}

}  // namespace detail

// ------------------------------------------------------------------------------------------------------------- errors

/// An error with a name, a code and data of its own; any other exception travels by its type's name and what().
class Error : public std::runtime_error {
 public:
  Error(std::string error_name, const std::string& message, Object own = {}) : std::runtime_error(message), name(std::move(error_name)), data(std::move(own)) {}
  std::string name;
  std::string code;
  Object data;
};

/// Thrown by Task::check_cancelled() and where a stream has lost its reader; a handler may let it pass.
class Cancelled : public Error {
 public:
  Cancelled() : Error("AbortError", "the task was cancelled") {}
};

namespace detail {

/// The parent is gone: nothing that is said would be heard.
struct ParentGone {};
/// It left before it welcomed us: there is nothing to do.
struct NothingWanted {};
/// The stream of frames can't be trusted any more.
struct Damage {
  std::string what;
};

inline std::string type_name(const std::type_info& type) {
#ifndef _WIN32
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
  if (status == 0) return name.get();
#endif
  return type.name();
}

/// At most so many bytes of a text, cut between characters; bytes that are no UTF-8 become question marks.
inline std::string cut(std::string_view text, std::size_t most) {
  std::string kept;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    if (kept.size() + std::max<std::size_t>(length, 1) > most) break;
    if (length == 0) kept += '?';
    else kept.append(text.substr(at, length));
    at += std::max<std::size_t>(length, 1);
  }
  return kept;
}

constexpr int max_causes = 5;
constexpr std::size_t max_data = 16384;

inline Object describe(const std::exception& error, int causes) {
  const auto* own = dynamic_cast<const Error*>(&error);
  Object told{{"name", cut(own ? own->name : type_name(typeid(error)), 200)}, {"message", cut(error.what(), 65536)}};
  if (own != nullptr && !own->code.empty()) told.emplace_back("code", cut(own->code, 200));
  if (own != nullptr && !own->data.empty()) {
    try {
      if (to_json(own->data).size() <= max_data) told.emplace_back("data", own->data);
    } catch (const JsonValueError&) {
      told.emplace_back("data", Object{}); // what JSON can't carry is left out, not guessed
    }
  }
  if (causes == 0) return told;
  try {
    std::rethrow_if_nested(error);
  } catch (const std::exception& cause) {
    told.emplace_back("cause", describe(cause, causes - 1));
  } catch (...) {
    told.emplace_back("cause", Object{{"name", "Error"}, {"message", "something that is no std::exception"}});
  }
  return told;
}

/// An error as the body of a FAILURE that fits into one frame: causes go first, then data, then the end of the message.
inline std::string error_body(Object told, std::size_t most) {
  const auto drop = [&](std::string_view key) {
    told.erase(std::remove_if(told.begin(), told.end(), [&](const auto& member) { return member.first == key; }), told.end());
  };
  std::string body = to_json(told);
  for (const char* key : {"cause", "data", "code"}) {
    if (body.size() <= most) return body;
    drop(key);
    body = to_json(told);
  }
  for (std::size_t room = most; body.size() > most && room > 0; room /= 2) {
    for (auto& [key, value] : told)
      if (key == "message") value = cut(value.text(), room);
    body = to_json(told);
  }
  return body;
}

// ------------------------------------------------------------------------------------------------------------- frames

enum Type : std::uint8_t {
  t_hello = 1, t_welcome = 2, t_ready = 3, t_task = 16, t_result = 17, t_failure = 18, t_chunk = 19, t_end = 20, t_body = 21,
  t_credit = 22, t_progress = 23, t_log = 24, t_cancel = 25, t_ping = 32, t_pong = 33,
};
enum Flag : std::uint8_t { f_more = 1, f_stream = 2, f_cancelled = 4, f_not_started = 8 };

constexpr std::uint32_t magic = 0x54534FF8;
constexpr std::size_t header_size = 24, trailer_size = 8;
constexpr std::uint32_t max_metadata = 65536, handshake_max_frame = 1048576, initial_credit = 262144;
constexpr int exit_damaged = 70;

inline std::size_t frame_size(std::size_t payload) { return header_size + (payload + 7) / 8 * 8 + trailer_size; }

struct Frame {
  std::uint8_t type = 0, flags = 0, encoding = 0;
  std::uint32_t id = 0;
  std::string_view metadata, body;
};

/// Writes a whole frame to `at`, which has room for it.
inline void put_frame(char* at, const Frame& frame, std::uint32_t key) {
  const auto metadata = static_cast<std::uint32_t>(frame.metadata.size()), body = static_cast<std::uint32_t>(frame.body.size());
  const std::uint32_t word = frame.type | frame.flags << 8 | frame.encoding << 16;
  store32(at, magic);
  store32(at + 4, word);
  store32(at + 8, frame.id);
  store32(at + 12, metadata);
  store32(at + 16, body);
  store32(at + 20, key ^ word ^ frame.id ^ metadata ^ body);
  std::memcpy(at + header_size, frame.metadata.data(), metadata);
  std::memcpy(at + header_size + metadata, frame.body.data(), body);
  char* const trailer = at + frame_size(metadata + body) - trailer_size;
  for (char* zero = at + header_size + metadata + body; zero < trailer; zero++) *zero = 0;
  store32(trailer, frame.id);
  store32(trailer + 4, metadata + body);
}

/// The fields of a frame's metadata, by tag. Throws Damage where they are malformed.
inline std::map<std::uint8_t, std::string_view> read_fields(std::string_view metadata) {
  std::map<std::uint8_t, std::string_view> fields;
  while (!metadata.empty()) {
    if (metadata.size() < 4) throw Damage{"a field of the metadata is cut off"};
    const auto tag = static_cast<std::uint8_t>(metadata[0]);
    const std::size_t length = load32(metadata.data()) >> 16;
    if (metadata.size() < 4 + length) throw Damage{"a field of the metadata is longer than the metadata"};
    if (!fields.emplace(tag, metadata.substr(4, length)).second) throw Damage{"field " + std::to_string(tag) + " occurs twice"};
    metadata.remove_prefix(4 + length);
  }
  return fields;
}
inline std::optional<std::uint32_t> number_field(const std::map<std::uint8_t, std::string_view>& fields, std::uint8_t tag) {
  const auto found = fields.find(tag);
  if (found == fields.end()) return std::nullopt;
  if (found->second.size() != 4) throw Damage{"field " + std::to_string(tag) + " has " + std::to_string(found->second.size()) + " bytes instead of 4"};
  return load32(found->second.data());
}
inline std::string text_field(const std::map<std::uint8_t, std::string_view>& fields, std::uint8_t tag) {
  const auto found = fields.find(tag);
  return found == fields.end() ? std::string() : std::string(found->second);
}

// ------------------------------------------------------------------------------------------------------------ channel

/// Takes a word of the pool's out of the environment, as it is not for our children; an empty one says nothing.
inline std::optional<std::string> take_variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  std::string taken(value);
#ifdef _WIN32
  ::_putenv_s(name, "");
#else
  ::unsetenv(name);
#endif
  if (taken.empty()) return std::nullopt;
  return taken;
}

/// The descriptors of the channel, where the pool offers them: the one to read, the one to write.
inline std::optional<std::pair<int, int>> take_channel() {
  const auto offer = take_variable("OSTLER_CHANNEL");
  int reads = -1, writes = -1;
  if (!offer || std::sscanf(offer->c_str(), "%d,%d", &reads, &writes) != 2) return std::nullopt;
  return std::make_pair(reads, writes);
}
/// A program between the pool and us may have kept them.
inline void say_lost(const std::pair<int, int>& offer) {
  std::fprintf(stderr, "ostler_worker: the descriptors %d and %d of OSTLER_CHANNEL are not there; the channel is stdin and stdout\n", offer.first, offer.second);
}

#ifdef _WIN32
/// The handle behind a descriptor with which this process was started, kept from our children; null where there is none. C runtimes hand
/// descriptors over in one block: their number, a byte of flags for each, a handle for each. They could be asked for it, but Microsoft's ends a
/// program that asks for what is not there.
inline HANDLE take_handle(int descriptor) {
  STARTUPINFOW startup;
  ::GetStartupInfoW(&startup);
  const BYTE* block = startup.lpReserved2;
  const std::size_t size = startup.cbReserved2, at = static_cast<std::size_t>(descriptor);
  std::uint32_t count = 0;
  if (block == nullptr || size < sizeof count) return nullptr;
  std::memcpy(&count, block, sizeof count);
  if (count > (size - sizeof count) / (1 + sizeof(HANDLE)) || descriptor < 0 || at >= count) return nullptr;
  HANDLE handle = nullptr;
  std::memcpy(&handle, block + sizeof count + count + at * sizeof handle, sizeof handle);
  constexpr BYTE is_open = 1;
  if ((block[sizeof count + at] & is_open) == 0 || ::GetFileType(handle) == FILE_TYPE_UNKNOWN) return nullptr;
  return ::SetHandleInformation(handle, HANDLE_FLAG_INHERIT, 0) ? handle : nullptr;
}

/// The private descriptors where the pool offers them, else stdin and stdout, moved away from user code: SetStdHandle and the C runtime point
/// at NUL and stderr from then on.
class Pipe {
 public:
  Pipe() {
    const auto offer = take_channel();
    if (offer) in_ = take_handle(offer->first), out_ = take_handle(offer->second);
    is_private_ = in_ != nullptr && out_ != nullptr;
    if (!is_private_) {
      if (offer) say_lost(*offer);
      in_ = duplicate(::GetStdHandle(STD_INPUT_HANDLE));
      out_ = duplicate(::GetStdHandle(STD_OUTPUT_HANDLE));
      ::_dup2(::_fileno(stderr), ::_fileno(stdout));
      ::SetStdHandle(STD_OUTPUT_HANDLE, ::GetStdHandle(STD_ERROR_HANDLE));
    }
    std::freopen("NUL", "r", stdin);
    ::SetStdHandle(STD_INPUT_HANDLE, reinterpret_cast<HANDLE>(::_get_osfhandle(::_fileno(stdin))));
  }
  bool is_private() const { return is_private_; }
  /// Bytes that came; 0 at end of file.
  std::size_t read(char* to, std::size_t room) {
    DWORD got = 0;
    return ::ReadFile(in_, to, static_cast<DWORD>(std::min<std::size_t>(room, 1u << 20)), &got, nullptr) ? got : 0;
  }
  bool can_read() {
    DWORD waiting = 0;
    return !::PeekNamedPipe(in_, nullptr, 0, nullptr, &waiting, nullptr) || waiting > 0;
  }
  void write(const char* from, std::size_t size) {
    while (size > 0) {
      DWORD put = 0;
      if (!::WriteFile(out_, from, static_cast<DWORD>(std::min<std::size_t>(size, 1u << 20)), &put, nullptr)) throw ParentGone{};
      from += put;
      size -= put;
    }
  }
  static bool by_hand() { return ::_isatty(::_fileno(stdin)) && std::getenv("OSTLER_CHANNEL") == nullptr; }
  static long pid() { return static_cast<long>(::GetCurrentProcessId()); }

 private:
  static HANDLE duplicate(HANDLE from) {
    HANDLE copy = nullptr;
    ::DuplicateHandle(::GetCurrentProcess(), from, ::GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
    return copy;
  }
  HANDLE in_ = nullptr, out_ = nullptr;
  bool is_private_ = false;
};
#else
/// The private descriptors where the pool offers them, else stdin and stdout, moved away from user code.
class Pipe {
 public:
  Pipe() {
    const auto offer = take_channel();
    is_private_ = offer && ::fcntl(offer->first, F_GETFD) >= 0 && ::fcntl(offer->second, F_GETFD) >= 0;
    if (is_private_) {
      std::tie(in_, out_) = *offer;
      replace(0, "/dev/null", O_RDONLY);
    } else {
      if (offer) say_lost(*offer);
      in_ = ::dup(0);
      out_ = ::dup(1);
      replace(0, "/dev/null", O_RDONLY);
      ::dup2(2, 1);
    }
    for (const int descriptor : {in_, out_}) ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  }
  bool is_private() const { return is_private_; }
  /// Bytes that came; 0 at end of file.
  std::size_t read(char* to, std::size_t room) {
    for (;;) {
      const ssize_t got = ::read(in_, to, room);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno == EAGAIN) wait(in_, POLLIN);
      else if (errno != EINTR) return 0; // ECONNRESET: the parent is gone
    }
  }
  bool can_read() {
    pollfd look{in_, POLLIN, 0};
    return ::poll(&look, 1, 0) > 0;
  }
  void write(const char* from, std::size_t size) {
    while (size > 0) {
      const ssize_t put = ::write(out_, from, size);
      if (put < 0 && errno == EAGAIN) wait(out_, POLLOUT);
      if (put < 0 && errno != EAGAIN && errno != EINTR) throw ParentGone{};
      if (put <= 0) continue;
      from += put;
      size -= static_cast<std::size_t>(put);
    }
  }
  static bool by_hand() { return ::isatty(0) && std::getenv("OSTLER_CHANNEL") == nullptr; }
  static long pid() { return static_cast<long>(::getpid()); }

 private:
  static void wait(int descriptor, short event) {
    pollfd look{descriptor, event, 0};
    ::poll(&look, 1, -1);
  }
  static void replace(int descriptor, const char* file, int flags) {
    const int opened = ::open(file, flags);
    if (opened < 0 || opened == descriptor) return;
    ::dup2(opened, descriptor);
    ::close(opened);
  }
  int in_ = -1, out_ = -1;
  bool is_private_ = false;
};
#endif

/// Cuts what comes into frames. Views are valid until the next one is asked for.
class FrameReader {
 public:
  explicit FrameReader(Pipe& pipe) : pipe_(pipe), buffer_(1 << 18) {}
  std::uint32_t key = 0, max_frame = handshake_max_frame;

  /// Whether a whole frame, or what is none, has been read already.
  bool has_frame() const { return end_ - start_ >= header_size && end_ - start_ >= size_of_next(); }
  /// Reads once; false at end of file. Throws Damage where that cuts a frame off.
  bool fill() {
    make_room();
    const std::size_t got = pipe_.read(buffer_.data() + end_, buffer_.size() - end_);
    end_ += got;
    if (got == 0 && end_ > start_) throw Damage{"the channel ended within a frame"};
    return got > 0;
  }
  bool can_fill() { return pipe_.can_read(); }
  Frame next() {
    const char* at = buffer_.data() + start_;
    const std::uint32_t word = load32(at + 4), id = load32(at + 8), metadata = load32(at + 12), body = load32(at + 16);
    const std::size_t size = frame_size(std::size_t(metadata) + body);
    const char* trailer = at + size - trailer_size;
    if (load32(trailer) != id || load32(trailer + 4) != metadata + body) throw Damage{"the end of a frame does not match its beginning"};
    start_ += size;
    return {static_cast<std::uint8_t>(word), static_cast<std::uint8_t>(word >> 8), static_cast<std::uint8_t>(word >> 16), id,
            {at + header_size, metadata}, {at + header_size + metadata, body}};
  }

 private:
  /// Bytes of the frame that begins here. Looks at its lengths before anything is made for it.
  std::size_t size_of_next() const {
    const char* at = buffer_.data() + start_;
    const std::uint32_t metadata = load32(at + 12), body = load32(at + 16);
    if (load32(at) != magic) throw Damage{"bytes that are no frame"};
    if (load32(at + 20) != (key ^ load32(at + 4) ^ load32(at + 8) ^ metadata ^ body)) throw Damage{"a frame with a wrong check"};
    if (metadata > max_metadata || body > max_frame) throw Damage{"a frame that is larger than the limit"};
    return frame_size(std::size_t(metadata) + body);
  }
  void make_room() {
    if (start_ == end_) start_ = end_ = 0;
    const std::size_t wanted = end_ - start_ >= header_size ? size_of_next() : header_size;
    if (buffer_.size() - start_ >= std::max(wanted, end_ - start_ + 4096)) return;
    std::memmove(buffer_.data(), buffer_.data() + start_, end_ - start_);
    end_ -= start_;
    start_ = 0;
    if (buffer_.size() < std::max(wanted, end_ + 4096)) buffer_.resize(std::max(wanted, end_ + 4096));
  }
  Pipe& pipe_;
  std::vector<char> buffer_;
  std::size_t start_ = 0, end_ = 0;
};

// ------------------------------------------------------------------------------------------------------------- ledger

/// Where replies count although they have not been written: shared memory of the pool's, or none. Offered beside the private channel only:
/// where that was lost on the way, the number may be somebody else's file.
class Ledger {
 public:
  ~Ledger() { close(); }
  bool is_open() const { return memory_ != nullptr; }
  char* room() const { return memory_ + 64 + held_; }
  std::size_t free() const { return size_ - 64 - held_; }
  std::size_t held() const { return held_; }
  std::string_view frames() const { return {memory_ + 64, held_}; }

#ifdef _WIN32
  explicit Ledger(const Pipe& pipe) {
    const auto offer = take_variable("OSTLER_LEDGER");
    if (offer && pipe.is_private()) file_ = take_handle(std::atoi(offer->c_str())); // which stays the C runtime's
  }
  bool is_offered() const { return file_ != nullptr; }
  /// `size` is what WELCOME says; without it nothing is kept.
  void open(std::optional<std::uint32_t> size) {
    if (file_ == nullptr || !size || *size < 4096) return;
    const HANDLE mapping = ::CreateFileMappingW(file_, nullptr, PAGE_READWRITE, 0, *size, nullptr);
    if (mapping == nullptr) return;
    void* mapped = ::MapViewOfFile(mapping, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, *size);
    ::CloseHandle(mapping); // the view keeps it
    if (mapped == nullptr) return;
    begin(mapped, *size);
    if (!is_seen()) store(0, 0), close();
  }
  void close() {
    if (memory_ != nullptr) ::UnmapViewOfFile(memory_);
    memory_ = nullptr;
  }
#else
  explicit Ledger(const Pipe& pipe) {
    const auto offer = take_variable("OSTLER_LEDGER");
    if (offer && pipe.is_private()) descriptor_ = std::atoi(offer->c_str());
  }
  bool is_offered() const { return descriptor_ >= 0; }
  /// `size` is what WELCOME says; without it the descriptor is closed and nothing is kept.
  void open(std::optional<std::uint32_t> size) {
    if (descriptor_ < 0) return;
    if (size && *size >= 4096) {
      void* mapped = ::mmap(nullptr, *size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
      if (mapped != MAP_FAILED) begin(mapped, *size);
    }
    ::close(descriptor_);
    descriptor_ = -1;
  }
  void close() {
    if (memory_ != nullptr) ::munmap(memory_, size_);
    memory_ = nullptr;
  }
#endif
  void started(std::uint32_t id) { store(4, id); }
  /// A frame of so many bytes stands at `room()`: it is published.
  void add(std::size_t size) { store(8, static_cast<std::uint32_t>(held_ += size)); }
  /// What was held has been written. First it is emptied, then the generation raised: else a reader took the old batch for a new one.
  void flushed() {
    store(8, static_cast<std::uint32_t>(held_ = 0));
    store(12, ++generation_);
  }

 private:
  void store(std::size_t offset, std::uint32_t word) {
    reinterpret_cast<std::atomic<std::uint32_t>*>(memory_ + offset)->store(word, std::memory_order_release);
  }
  void begin(void* mapped, std::uint32_t size) {
    memory_ = static_cast<char*>(mapped);
    size_ = size;
    store(0, 0x4C54534F);
  }
#ifdef _WIN32
  /// Whether who reads the file, as the pool does, sees what we store: a file system that keeps no cache would not tell it.
  bool is_seen() const {
    std::uint32_t word = 0;
    DWORD got = 0;
    OVERLAPPED at{}; // the beginning, wherever others that share the handle may read
    return ::ReadFile(file_, &word, sizeof word, &got, &at) && got == sizeof word && word == load32(memory_);
  }
  HANDLE file_ = nullptr;
#else
  int descriptor_ = -1;
#endif
  char* memory_ = nullptr;
  std::size_t size_ = 0, held_ = 0;
  std::uint32_t generation_ = 0;
};

class Session;

}  // namespace detail

// -------------------------------------------------------------------------------------------------------------- tasks

/// The input of a task, as long as its handler runs.
class Input {
 public:
  Input(std::uint8_t encoding, std::string_view body) : encoding_(encoding), body_(body) {}
  /// True where the caller sent bytes (`run`), false for a value (`call`).
  bool is_bytes() const { return encoding_ == detail::enc_bytes; }
  /// The bytes that were sent; of a value, which is a string or bytes, its content.
  std::string_view bytes() const {
    if (is_bytes()) return body_;
    const Json& value = json();
    if (const auto* content = std::get_if<Bytes>(&value.value())) return {reinterpret_cast<const char*>(content->data()), content->size()};
    return value.text();
  }
  std::string text() const { return std::string(bytes()); }
  /// The value that was sent; of bytes, the JSON that they are.
  const Json& json() const {
    if (!value_) value_ = is_bytes() ? detail::JsonReader(body_).read() : detail::read_value(encoding_, body_);
    return *value_;
  }

 private:
  std::uint8_t encoding_;
  std::string_view body_;
  mutable std::optional<Json> value_;
};

/// What a handler gives back: nothing, text (UTF-8 bytes or a JSON string, as the caller asked), bytes, or any value.
class Reply {
 public:
  Reply() {}
  Reply(std::nullptr_t) {}
  Reply(std::string text) : text_(std::move(text)), kind_(kind::text) {}
  Reply(std::string_view text) : text_(text), kind_(kind::text) {}
  Reply(const char* text) : text_(text), kind_(kind::text) {}
  Reply(Bytes bytes) : value_(std::move(bytes)), kind_(kind::value) {}
  Reply(Json value) : value_(std::move(value)), kind_(kind::value) {}
  Reply(Object value) : value_(std::move(value)), kind_(kind::value) {}
  Reply(Array value) : value_(std::move(value)), kind_(kind::value) {}

 private:
  friend class detail::Session;
  enum class kind { nothing, text, value };
  std::string text_;
  Json value_;
  kind kind_ = kind::nothing;
};

/// What a handler is told about its task, and what it can tell the pool. Of one thread: that of the handler.
class Task {
 public:
  std::uint32_t id = 0;
  std::string handler, tenant, traceparent, tracestate;
  std::uint32_t attempt = 1;
  std::map<std::string, std::string> metadata;
  std::optional<std::string> idempotency_key;
  /// The lowest number that no other live worker of the pool has: for GPUs, ports, scratch folders.
  std::uint32_t slot = 0;

  /// Milliseconds until its time is up; infinity without a limit.
  double remaining_ms() const {
    if (!limit_ms_) return std::numeric_limits<double>::infinity();
    const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - arrived_;
    return std::max(0.0, *limit_ms_ - spent.count());
  }
  /// Whether the caller has given up. Reads the channel, which takes a system call: ask once in a millisecond or so.
  bool cancelled();
  /// Throws Cancelled if the caller has given up.
  void check_cancelled() {
    if (cancelled()) throw Cancelled();
  }
  /// Hands a JSON value to the caller's onProgress.
  void progress(const Json& value);
  /// Usual levels are debug, info, warn and error.
  void log(std::string_view level, std::string_view message, Object fields = {});
  /// One item of a stream; waits while its reader is slow, and throws Cancelled when it has left. Only in handlers made by `stream`.
  void emit(const Reply& item);

 private:
  friend class detail::Session;
  detail::Session* session_ = nullptr;
  std::optional<std::uint32_t> limit_ms_;
  std::chrono::steady_clock::time_point arrived_;
  std::int64_t credit_ = detail::initial_credit;
  std::uint8_t encoding_ = 0;
  bool wants_stream_ = false, cancelled_ = false;
};

using Function = std::function<Reply(const Input&, Task&)>;

/// A function, and whether it emits items instead of giving a reply back.
struct Handler {
  template <class F, std::enable_if_t<std::is_invocable_r_v<Reply, F, const Input&, Task&>, int> = 0>
  Handler(F function) : run(std::move(function)) {}
  Function run;
  bool streams = false;
};

/// A handler that streams: `stream([](const Input& in, Task& task) { task.emit("one"); task.emit("two"); })`.
inline Handler stream(std::function<void(const Input&, Task&)> function) {
  Handler handler([function = std::move(function)](const Input& input, Task& task) -> Reply {
    function(input, task);
    return {};
  });
  handler.streams = true;
  return handler;
}

using Handlers = std::map<std::string, Handler>;

struct WorkerInfo {
  std::uint32_t slot, worker_id;
  std::string pool;
};
struct Hooks {
  /// Before the first task, with the pool's initData; what it throws is the pool's WorkerStartError.
  std::function<void(const Json& data, const WorkerInfo& info)> init;
  /// After the last task.
  std::function<void()> close;
};

// ------------------------------------------------------------------------------------------------------------ session

namespace detail {

/// A body that comes in pieces.
struct Assembly {
  Frame head;
  std::string metadata, body;
  std::uint32_t total = 0;
  bool is_open = false;
};

/// A task that has come and waits for its turn.
struct Waiting {
  std::uint32_t id;
  std::uint8_t encoding;
  bool wants_stream;
  std::string metadata, body;
  std::chrono::steady_clock::time_point arrived;
  bool cancelled = false;
};

class Session {
 public:
  Session(const Handlers& handlers, const Hooks& hooks) : handlers_(handlers), hooks_(hooks), reader_(pipe_), ledger_(pipe_) {}

  /// Serves until end of file; returns the exit code.
  int run() {
    try {
      if (!shake_hands()) return 1;
      while (serve_next()) {
      }
      flush();
      if (hooks_.close) hooks_.close();
      return 0;
    } catch (const Damage& damage) {
      std::fprintf(stderr, "ostler_worker: the task channel is damaged: %s\n", damage.what.c_str());
      return exit_damaged;
    } catch (const NothingWanted&) {
      return 0;
    } catch (const ParentGone&) {
      return 1;
    }
  }

  bool cancelled(Task& task) {
    while (!task.cancelled_ && !at_end_ && (reader_.has_frame() || reader_.can_fill())) read_ahead();
    return task.cancelled_;
  }

  void progress(const Task& task, const Json& value) {
    auto [encoding, body] = write_value(value);
    if (encoding != enc_json) throw JsonValueError("", "has bytes in it, which progress can't carry");
    if (body.size() > max_frame_) throw Error("RangeError", "a progress value of " + std::to_string(body.size()) + " bytes does not fit into a frame");
    say({t_progress, 0, enc_json, task.id, {}, body});
  }

  void log(const Task& task, std::string_view level, std::string_view message, Object fields) {
    Object record{{"level", cut(level, 100)}, {"message", cut(message, 65536)}};
    if (!fields.empty()) record.emplace_back("fields", std::move(fields));
    std::string body = to_json(record);
    for (std::size_t room = max_frame_; body.size() > max_frame_ && room > 0; room /= 2) {
      record = {{"level", cut(level, 100)}, {"message", cut(message, room)}};
      body = to_json(record);
    }
    say({t_log, 0, enc_json, task.id, {}, body});
  }

  void emit(Task& task, const Reply& item) {
    while (task.credit_ <= 0 && !task.cancelled_) {
      flush();
      if (at_end_) throw Cancelled();
      read_ahead();
    }
    if (task.cancelled_) throw Cancelled();
    auto [encoding, body] = encode(task, item);
    task.credit_ -= static_cast<std::int64_t>(body.size());
    refuse_large(body.size());
    flush();
    send({t_chunk, 0, encoding, task.id, {}, body});
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr auto hold_at_most = std::chrono::microseconds(150);
  static constexpr auto slow = std::chrono::milliseconds(1);

  // --- the beginning

  bool shake_hands() {
    send_hello();
    const Frame welcome = read_welcome();
    const auto fields = read_fields(welcome.metadata);
    const auto version = number_field(fields, 38), key = number_field(fields, 32);
    if (!version || !key) throw Damage{"WELCOME without a version or a key"};
    if (*version != 1) return refuse_start(Error("ProtocolError", "this SDK speaks version 1 of the protocol, the pool wants " + std::to_string(*version)));
    max_body_ = number_field(fields, 33).value_or(0);
    max_frame_ = number_field(fields, 34).value_or(0);
    if (max_frame_ == 0) throw Damage{"WELCOME without limits"};
    info_ = {number_field(fields, 35).value_or(0), number_field(fields, 36).value_or(0), text_field(fields, 39)};
    const std::string data(welcome.body);
    key_ = reader_.key = *key;
    reader_.max_frame = max_frame_;
    ledger_.open(number_field(fields, 37));
    try {
      if (hooks_.init) hooks_.init(data.empty() ? Json() : JsonReader(data).read(), info_);
    } catch (const std::exception& error) {
      return refuse_start(error);
    }
    send({t_ready, 0, 0, 0, {}, {}});
    return true;
  }

  void send_hello() {
    Array names, capabilities{"cancel", "stream", "progress", "log"};
    for (const auto& [name, handler] : handlers_) names.push_back(Object{{"name", name}});
    if (ledger_.is_offered()) capabilities.push_back("ledger");
    const Json hello = Object{{"protocol", Object{{"min", 1}, {"max", 1}}},
                              {"sdk", Object{{"name", "ostler-cpp"}, {"version", "0.1.0"}}},
                              {"runtime", Object{{"name", "c++"}, {"version", std::to_string(__cplusplus)}}},
                              {"pid", Pipe::pid()},
                              {"capabilities", capabilities},
                              {"handlers", names}};
    send({t_hello, 0, enc_json, 0, {}, to_json(hello)});
  }

  /// WELCOME, put together if it comes in pieces.
  Frame read_welcome() {
    for (;;) {
      while (!reader_.has_frame())
        if (!reader_.fill()) throw NothingWanted{};
      const Frame frame = reader_.next();
      if (frame.type != t_welcome && !(frame.type == t_body && assembly_.is_open)) throw Damage{"a frame of type " + std::to_string(frame.type) + " came before WELCOME"};
      if (frame.type == t_welcome && (frame.flags & f_more) == 0) return frame;
      if (frame.type == t_welcome) max_body_ = number_field(read_fields(frame.metadata), 33).value_or(0);
      if (assemble(frame)) return {t_welcome, 0, enc_json, 0, assembly_.metadata, assembly_.body};
    }
  }

  bool refuse_start(const std::exception& error) {
    send({t_failure, 0, enc_json, 0, {}, error_body(describe(error, max_causes), std::min(max_frame_, handshake_max_frame))});
    return false;
  }

  // --- what comes

  /// Runs the next task; false at the end.
  bool serve_next() {
    while (waiting_.empty()) {
      if (!reader_.has_frame()) flush(); // nothing waits: nobody shall wait for what is held back
      if (at_end_) return false;
      read_ahead();
    }
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    if (next.cancelled) publish({t_failure, f_cancelled | f_not_started, enc_json, next.id, {}, R"({"name":"AbortError","message":"the task was cancelled before it began"})"});
    else perform(next);
    return true;
  }

  /// Takes all whole frames in that are there; reads the channel where there is none, and waits for it.
  void read_ahead() {
    if (!reader_.has_frame() && !reader_.fill()) {
      if (assembly_.is_open) throw Damage{"the channel ended between the pieces of a body"};
      at_end_ = true;
      return;
    }
    const auto now = Clock::now();
    while (reader_.has_frame()) take(reader_.next(), now);
    quarter_ = std::max<std::size_t>(1, waiting_.size() / 4);
  }

  void take(const Frame& frame, Clock::time_point now) {
    switch (frame.type) {
      case t_task:
        if ((frame.flags & f_more) == 0) {
          if (assembly_.is_open) throw Damage{"a TASK came between the pieces of a body"};
          waiting_.push_back({frame.id, frame.encoding, (frame.flags & f_stream) != 0, std::string(frame.metadata), std::string(frame.body), now});
          break;
        }
        [[fallthrough]];
      case t_body:
        if (assemble(frame) && assembly_.head.type == t_task) {
          const Frame& head = assembly_.head;
          waiting_.push_back({head.id, head.encoding, (head.flags & f_stream) != 0, std::move(assembly_.metadata), std::move(assembly_.body), now});
        }
        break;
      case t_cancel:
        cancel(frame);
        break;
      case t_credit:
        if (running_ != nullptr && running_->id == frame.id) running_->credit_ += number_field(read_fields(frame.metadata), 48).value_or(0);
        break;
      case t_ping:
        say({t_pong, 0, 0, frame.id, {}, {}});
        break;
      case t_welcome:
        throw Damage{"a second WELCOME"};
      default: // types of later versions; their pieces are put together, then skipped
        if ((frame.flags & f_more) != 0) assemble(frame);
    }
  }

  void cancel(const Frame& frame) {
    for (Waiting& task : waiting_)
      if (task.id == frame.id) task.cancelled = true;
    const bool if_waiting = (frame.flags & f_not_started) != 0;
    if (running_ != nullptr && running_->id == frame.id && !if_waiting) running_->cancelled_ = true;
  }

  /// One piece of a body; true when it is whole.
  bool assemble(const Frame& frame) {
    if (frame.type != t_body) {
      if (assembly_.is_open) throw Damage{"another body began between the pieces of one"};
      const auto total = number_field(read_fields(frame.metadata), 9);
      if (!total || *total > std::max(max_body_, handshake_max_frame * (frame.type == t_welcome ? 1u : 0u))) throw Damage{"a body in pieces without a total that fits"};
      assembly_ = {frame, std::string(frame.metadata), {}, *total, true};
    } else if (!assembly_.is_open || assembly_.head.id != frame.id) {
      throw Damage{"a piece of no body"};
    }
    const bool more = (frame.flags & f_more) != 0;
    assembly_.body.append(frame.body);
    const bool fits = more ? assembly_.body.size() < assembly_.total : assembly_.body.size() == assembly_.total;
    if (frame.body.empty() || !fits) throw Damage{"the pieces of a body do not add up"};
    assembly_.is_open = more;
    return !more;
  }

  // --- one task

  void perform(const Waiting& waiting) {
    Task task;
    read_task(waiting, task);
    const auto found = handlers_.find(task.handler);
    const bool was_slow = found != handlers_.end() && slow_.count(task.handler) > 0;
    if (was_slow) flush();
    if (ledger_.is_open()) ledger_.started(task.id);
    running_ = &task;
    const auto start = Clock::now();
    try {
      if (found == handlers_.end()) throw unknown_handler(task.handler);
      answer(waiting, task, found->second);
    } catch (const std::exception& error) {
      fail(task, error);
    } catch (const ParentGone&) {
      throw;
    } catch (const Damage&) {
      throw;
    } catch (...) {
      fail(task, Error("Error", "something was thrown that is no std::exception"));
    }
    running_ = nullptr;
    const auto end = Clock::now();
    if (end - start >= slow) slow_.insert(task.handler);
    else if (was_slow) slow_.erase(task.handler);
    consider_flush(end);
  }

  void read_task(const Waiting& waiting, Task& task) {
    task.session_ = this;
    task.id = waiting.id;
    task.encoding_ = waiting.encoding;
    task.wants_stream_ = waiting.wants_stream;
    task.arrived_ = waiting.arrived;
    task.slot = info_.slot;
    task.handler = "default";
    if (waiting.metadata.empty()) return;
    const auto fields = read_fields(waiting.metadata);
    if (fields.count(1) > 0) task.handler = text_field(fields, 1);
    task.limit_ms_ = number_field(fields, 2);
    task.attempt = number_field(fields, 3).value_or(1);
    task.tenant = text_field(fields, 4);
    if (fields.count(5) > 0) task.idempotency_key = text_field(fields, 5);
    task.traceparent = text_field(fields, 6);
    task.tracestate = text_field(fields, 7);
    if (fields.count(8) == 0) return;
    try {
      const Json members = JsonReader(fields.at(8)).read();
      for (const auto& [key, value] : members.as<Object>()) task.metadata.emplace(key, value.text());
    } catch (const JsonValueError&) {
      throw Damage{"the metadata of a task are no object of strings"};
    }
  }

  Error unknown_handler(const std::string& name) const {
    Array known;
    std::string list;
    for (const auto& [each, handler] : handlers_) {
      known.push_back(each);
      list += (list.empty() ? "" : ", ") + each;
    }
    return Error("HandlerNotFoundError", "there is no handler '" + cut(name, 200) + "'; there are " + list, {{"known", known}});
  }

  void answer(const Waiting& waiting, Task& task, const Handler& handler) {
    if (handler.streams && !task.wants_stream_) throw Error("ReplyKindError", "the handler '" + task.handler + "' streams, and the caller takes one reply: call stream()");
    if (waiting.encoding > enc_attachments) throw Error("NotSupportedError", "this SDK does not know the encoding " + std::to_string(waiting.encoding));
    const Input input(waiting.encoding, waiting.body);
    if (!input.is_bytes()) input.json(); // what is malformed fails the task, whether or not the handler looks
    const Reply reply = handler.run(input, task);
    if (task.cancelled_ && handler.streams) throw Cancelled();
    if (task.wants_stream_ && !handler.streams) emit(task, reply);
    if (task.wants_stream_) {
      publish({t_end, 0, 0, task.id, {}, {}});
      return;
    }
    if (reply.kind_ == Reply::kind::text && task.encoding_ == enc_bytes) { // the common one, without a copy
      refuse_large(reply.text_.size());
      publish({t_result, 0, enc_bytes, task.id, {}, reply.text_});
      return;
    }
    auto [encoding, body] = encode(task, reply);
    refuse_large(body.size());
    publish({t_result, 0, encoding, task.id, {}, body});
  }

  /// A reply in the encoding that the request decides.
  static std::pair<std::uint8_t, std::string> encode(const Task& task, const Reply& reply) {
    const bool is_text = reply.kind_ == Reply::kind::text;
    if (task.encoding_ != enc_bytes) return write_value(is_text ? Json(reply.text_) : reply.value_);
    if (is_text) return {enc_bytes, reply.text_};
    if (reply.value_.is_null()) return {enc_bytes, {}};
    if (const auto* bytes = std::get_if<Bytes>(&reply.value_.value())) return {enc_bytes, std::string(bytes->begin(), bytes->end())};
    if (const auto* text = std::get_if<std::string>(&reply.value_.value())) return {enc_bytes, *text};
    throw Error("ReplyKindError", std::string("the reply to bytes is bytes or text; the handler gave ") + reply.value_.type_name());
  }

  void refuse_large(std::size_t size) const {
    if (size <= max_body_) return;
    throw Error("BodyTooLargeError", "the reply has " + std::to_string(size) + " bytes, the limit is " + std::to_string(max_body_),
                {{"size", size}, {"limit", max_body_}});
  }

  void fail(const Task& task, const std::exception& error) {
    const std::uint8_t flags = task.cancelled_ || dynamic_cast<const Cancelled*>(&error) != nullptr ? f_cancelled : 0;
    publish({t_failure, flags, enc_json, task.id, {}, error_body(describe(error, max_causes), max_frame_)});
  }

  // --- what goes out

  /// A terminal frame: into the ledger where it fits, else on the channel.
  void publish(const Frame& frame) {
    const std::size_t size = frame_size(frame.body.size());
    if (!ledger_.is_open() || frame.body.size() > max_frame_) {
      flush();
      send(frame);
      return;
    }
    if (size > ledger_.free()) flush();
    if (size > ledger_.free()) {
      send(frame);
      return;
    }
    if (ledger_.held() == 0) held_since_ = Clock::now();
    put_frame(ledger_.room(), frame, key_);
    ledger_.add(size);
    held_count_++;
  }

  /// Replies are held back only while more tasks wait, and not for long.
  void consider_flush(Clock::time_point now) {
    if (held_count_ == 0) return;
    const bool nothing_waits = waiting_.empty() && !reader_.has_frame();
    if (nothing_waits || held_count_ >= quarter_ || now - held_since_ >= hold_at_most) flush();
  }

  void flush() {
    if (held_count_ == 0) return;
    const std::string_view frames = ledger_.frames();
    pipe_.write(frames.data(), frames.size());
    ledger_.flushed();
    held_count_ = 0;
  }

  /// Anything but a terminal frame: directly, behind what is held back.
  void say(const Frame& frame) {
    flush();
    send(frame);
  }

  /// A frame, or the pieces of a large body.
  void send(const Frame& frame) {
    if (frame.body.size() <= max_frame_) {
      write(frame);
      return;
    }
    char total[8] = {9, 0, 4, 0};
    store32(total + 4, static_cast<std::uint32_t>(frame.body.size()));
    Frame piece = frame;
    piece.metadata = {total, sizeof total};
    for (std::size_t at = 0; at < frame.body.size(); at += max_frame_) {
      piece.body = frame.body.substr(at, max_frame_);
      const bool more = at + piece.body.size() < frame.body.size();
      piece.flags = static_cast<std::uint8_t>(at == 0 ? frame.flags | f_more : more ? f_more : 0);
      write(piece);
      piece.type = t_body;
      piece.encoding = 0;
      piece.metadata = {};
    }
  }

  void write(const Frame& frame) {
    out_.resize(frame_size(frame.metadata.size() + frame.body.size()));
    put_frame(out_.data(), frame, key_);
    pipe_.write(out_.data(), out_.size());
  }

  const Handlers& handlers_;
  const Hooks& hooks_;
  Pipe pipe_;
  FrameReader reader_;
  Ledger ledger_;
  std::uint32_t key_ = 0, max_body_ = 0, max_frame_ = handshake_max_frame;
  WorkerInfo info_{};
  Assembly assembly_;
  std::deque<Waiting> waiting_;
  Task* running_ = nullptr;
  bool at_end_ = false;
  std::size_t held_count_ = 0;
  /// Of the tasks that waited when the last ones came: so many replies go out together.
  std::size_t quarter_ = 1;
  Clock::time_point held_since_;
  std::set<std::string> slow_;
  std::vector<char> out_;
};

}  // namespace detail

inline bool Task::cancelled() { return session_->cancelled(*this); }
inline void Task::progress(const Json& value) { session_->progress(*this, value); }
inline void Task::log(std::string_view level, std::string_view message, Object fields) { session_->log(*this, level, message, std::move(fields)); }
inline void Task::emit(const Reply& item) { session_->emit(*this, item); }

/// Serves tasks until the pool closes the channel; returns the exit code for main.
inline int serve(const Handlers& handlers, const Hooks& hooks = {}) {
  if (detail::Pipe::by_hand()) {
    std::fprintf(stderr, "This is a worker of Ostler: a pool starts it and gives it tasks. It has nothing to do on a terminal.\n");
    return 2;
  }
  return detail::Session(handlers, hooks).run();
}

}  // namespace ostler

#endif
