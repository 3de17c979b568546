#include "certgen/pem_files.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace badmx::certgen {
namespace {

namespace fs = std::filesystem;

std::system_error failure(int error, const std::string& what) {
  return std::system_error(error, std::generic_category(), what);
}

// A directory beside the wanted one, gone at the end unless it was renamed.
class Workplace {
 public:
  explicit Workplace(const fs::path& folder) {
    std::string pattern = (folder.parent_path() / ("." + folder.filename().string())).string();
    pattern += ".XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) {
      throw failure(errno, "can't make a directory beside " + folder.string());
    }
    path_ = pattern;
  }
  ~Workplace() {
    std::error_code ignored;  // nothing more can be done
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  const fs::path& path() const { return path_; }

  void rename_to(const fs::path& folder) {
    // Keys have modes of their own; the rest may be read by whoever runs the server under test.
    if (chmod(path_.c_str(), 0755) != 0) throw failure(errno, "can't open up " + path_.string());
    // Plain rename() would replace an empty directory.
    int result = renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, folder.c_str(), RENAME_NOREPLACE);
    if (result != 0 && (errno == EINVAL || errno == ENOSYS)) {  // not on this file system
      if (fs::exists(fs::symlink_status(folder))) {
        throw failure(EEXIST, folder.string() + " is there already");
      }
      result = rename(path_.c_str(), folder.c_str());
    }
    if (result != 0) throw failure(errno, "can't make " + folder.string());
    path_.clear();
  }

 private:
  fs::path path_;
};

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }

 private:
  int number_;
};

// The mode is there from the start: no key is readable for even a moment.
void write_file(const fs::path& path, const FolderFile& file) {
  const Descriptor descriptor(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(file.mode)));
  if (descriptor.number() < 0) throw failure(errno, "can't write " + file.path);
  std::string_view rest = file.content;
  while (!rest.empty()) {
    const ssize_t written = write(descriptor.number(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw failure(errno, "can't write " + file.path);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fchmod(descriptor.number(), static_cast<mode_t>(file.mode)) != 0) {
    throw failure(errno, "can't set the mode of " + file.path);
  }
}

bool leads_outside(const fs::path& path) {
  if (path.empty() || path.is_absolute() || !path.has_filename()) return true;
  for (const fs::path& part : path) {
    if (part == ".." || part == ".") return true;
  }
  return false;
}

}  // namespace

void write_folder(const fs::path& folder, std::span<const FolderFile> files) {
  fs::path target = fs::absolute(folder).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();  // "DIR/"
  std::error_code unreadable;
  if (fs::exists(fs::symlink_status(target, unreadable))) {
    throw failure(EEXIST, folder.string() + " is there already");
  }
  Workplace workplace(target);
  for (const FolderFile& file : files) {
    if (leads_outside(file.path)) throw failure(EINVAL, "\"" + file.path + "\" is no path inside");
    const fs::path path = workplace.path() / file.path;
    fs::create_directories(path.parent_path());
    write_file(path, file);
  }
  workplace.rename_to(target);
}

}  // namespace badmx::certgen
