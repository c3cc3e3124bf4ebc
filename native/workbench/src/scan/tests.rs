use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use tempfile::TempDir;

use super::*;

/// Creates a directory with files, each given as `path` or `path=content`.
fn tree(files: &[&str]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for file in files {
        let (path, content) = file.split_once('=').unwrap_or((file, ""));
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    directory
}

fn scan(directory: &TempDir, needles: &[&str]) -> Scan {
    Scan {
        roots: vec![directory.path().to_path_buf()],
        needles: needles.iter().map(|needle| needle.as_bytes().to_vec()).collect(),
        excludes: Vec::new(),
        suffixes: vec![".py".into(), ".pyi".into()],
        follow_ignore: true,
    }
}

fn run(scan: &Scan) -> Findings {
    scan.run(&AtomicBool::new(false)).unwrap()
}

/// Returns the files with needles, relative to the directory.
fn candidates(scan: &Scan, directory: &TempDir) -> Vec<String> {
    let found = run(scan);
    let held = found.hits.iter().map(|(number, _)| &found.files[*number]);
    let relative = held.map(|path| path.strip_prefix(directory.path()).unwrap());
    relative.map(|path| path.to_string_lossy().into_owned()).collect()
}

#[test]
fn finds_any_of_the_needles() {
    let directory = tree(&["b.py=has one", "a/c.pyi=and two", "none.py=on etw o", "d.txt=one"]);
    let scan = scan(&directory, &["one", "two"]);
    assert_eq!(candidates(&scan, &directory), ["a/c.pyi", "b.py"]);
    assert_eq!(run(&scan).files.len(), 3);
}

#[test]
fn reports_the_needles_of_each_file() {
    let directory = tree(&["a.py=two one", "b.py=..twone..", "c.py=x", "d.py=one"]);
    let found = run(&scan(&directory, &["one", "two", "w", "three"]));
    assert_eq!(found.hits, [(0, vec![0, 1, 2]), (1, vec![0, 1, 2]), (3, vec![0])]);
}

#[test]
fn an_empty_needle_is_in_every_file_and_no_needles_are_in_none() {
    let directory = tree(&["a.py", "b.py=x"]);
    assert_eq!(candidates(&scan(&directory, &[""]), &directory), ["a.py", "b.py"]);
    assert_eq!(run(&scan(&directory, &[])).hits.len(), 0);
}

#[test]
fn skips_hidden_directories_but_not_hidden_files() {
    let directory = tree(&[".git/x.py", "__pycache__/x.py", "a/.b/x.py", ".x.py", "a/.py"]);
    assert_eq!(candidates(&scan(&directory, &[""]), &directory), [".x.py", "a/.py"]);
}

#[test]
fn does_not_follow_links_below_a_root() {
    let outside = tree(&["x.py"]);
    let directory = tree(&["a.py"]);
    symlink(outside.path(), directory.path().join("away")).unwrap();
    symlink(outside.path().join("x.py"), directory.path().join("x.py")).unwrap();
    symlink(directory.path(), directory.path().join("round")).unwrap();
    assert_eq!(candidates(&scan(&directory, &[""]), &directory), ["a.py"]);
}

#[test]
fn a_root_may_be_a_link_or_a_file_of_any_name() {
    let outside = tree(&["x.py", "script"]);
    let directory = tree(&[]);
    let link = directory.path().join("link");
    symlink(outside.path(), &link).unwrap();
    let mut scan = scan(&directory, &[""]);
    scan.roots = vec![link.clone(), outside.path().join("script")];
    assert_eq!(run(&scan).files, {
        let mut paths = [link.join("x.py"), outside.path().join("script")];
        paths.sort();
        paths
    });
}

#[test]
fn a_file_below_two_roots_counts_once() {
    let directory = tree(&["a/x.py", "b.py"]);
    let mut scan = scan(&directory, &[""]);
    scan.roots.push(directory.path().join("a"));
    scan.roots.push(directory.path().join("a/x.py"));
    assert_eq!(run(&scan).files.len(), 2);
}

#[test]
fn follows_gitignore_only_inside_a_repository() {
    let files = [".gitignore=/out/\n*_pb2.py\n!kept_pb2.py", "out/x.py", "a_pb2.py", "kept_pb2.py"];
    let directory = tree(&files);
    assert_eq!(candidates(&scan(&directory, &[""]), &directory).len(), 3);
    fs::create_dir(directory.path().join(".git")).unwrap();
    assert_eq!(candidates(&scan(&directory, &[""]), &directory), ["kept_pb2.py"]);
    let all = Scan { follow_ignore: false, ..scan(&directory, &[""]) };
    assert_eq!(candidates(&all, &directory).len(), 3);
}

#[test]
fn rules_above_a_root_apply_but_not_to_the_root_itself() {
    let files = [".gitignore=/out/\nlocal.py", ".git/HEAD", "out/x.py", "out/local.py"];
    let directory = tree(&files);
    let mut scan = scan(&directory, &[""]);
    scan.roots = vec![directory.path().join("out")];
    assert_eq!(candidates(&scan, &directory), ["out/x.py"]);
}

#[test]
fn skips_excluded_files() {
    let directory = tree(&["vendored/x.py", "a/vendored/x.py", "a/b.py", "a/c_test.py"]);
    let mut scan = scan(&directory, &[""]);
    scan.excludes = vec!["vendored/".into(), "*_test.py".into()];
    assert_eq!(candidates(&scan, &directory), ["a/b.py"]);
    scan.excludes = vec!["a{".into()];
    let error = scan.run(&AtomicBool::new(false)).unwrap_err().to_string();
    assert!(error.starts_with("exclude \"a{\": "), "{error}");
}

#[test]
fn reports_paths_that_cannot_be_read() {
    let directory = tree(&["a.py=one"]);
    let mut scan = scan(&directory, &["one"]);
    scan.roots.push(directory.path().join("missing"));
    scan.roots.push("/proc/self/mem".into());
    let found = run(&scan);
    assert_eq!(found.hits.len(), 1);
    assert_eq!(found.errors.len(), 2);
    assert_eq!(found.errors[0].0, Path::new("/proc/self/mem"));
    assert_eq!(found.errors[1].1, "No such file or directory");
}

#[test]
fn keeps_names_that_are_not_unicode() {
    let directory = tree(&[]);
    let name = OsStr::from_bytes(b"\xff\xfe.py");
    fs::write(directory.path().join(name), "one").unwrap();
    assert_eq!(run(&scan(&directory, &["one"])).files[0].file_name(), Some(name));
}

#[test]
fn stops_when_the_flag_is_set() {
    let directory = tree(&["a.py", "b.py"]);
    let found = scan(&directory, &[""]).run(&AtomicBool::new(true)).unwrap();
    assert_eq!(found, Findings::default());
}

/// A reader that returns one chunk per read.
struct Pieces<'a>(std::slice::Chunks<'a, u8>);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.next().map_or(Ok(0), |mut piece| piece.read(buffer))
    }
}

/// Returns a finder with few needles, which uses a packed search, and one with an automaton.
fn finders() -> [Finder; 2] {
    let few = ["needle", "xyzzy"].map(Into::into).to_vec();
    let many = (0..2000).map(|number| format!("<{number}>").into_bytes());
    let many: Vec<_> = many.chain(few.clone()).collect();
    [few, many].map(|needles: Vec<Vec<u8>>| Finder::new(&needles).unwrap())
}

#[test]
fn finds_needles_across_reads() {
    for finder in finders() {
        let mut buffer = finder.buffer();
        for (needle, expected) in [("needle", true), ("xyzzy", true), ("nEedle", false)] {
            for (size, at) in (1..9).flat_map(|size| (0..20).map(move |at| (size, at))) {
                let text = format!("{}{needle}<needl", ".".repeat(at));
                let mut pieces = Pieces(text.as_bytes().chunks(size));
                let found = finder.needles_in(&mut pieces, &mut buffer).unwrap();
                assert_eq!(!found.is_empty(), expected, "{needle} at {at} in pieces of {size}");
            }
        }
    }
}

#[test]
fn finds_needles_across_blocks() {
    for finder in finders() {
        let mut buffer = finder.buffer();
        for at in BLOCK - 8..BLOCK + 8 {
            let mut text = vec![b'n'; at];
            text.extend(b"needle");
            assert_eq!(
                finder.needles_in(&mut text.as_slice(), &mut buffer).unwrap().len(),
                1,
                "{at}"
            );
        }
    }
}

#[test]
fn both_kinds_of_search_are_tested() {
    let [few, many] = finders();
    assert!(matches!(many.any, AnyNeedle::Automaton(_)));
    assert!(cfg!(not(target_arch = "x86_64")) || matches!(few.any, AnyNeedle::Packed(_)));
}
