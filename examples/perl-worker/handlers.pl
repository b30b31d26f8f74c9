# The handlers of worker.pl: each gets the input and its task, and returns the reply. Bytes are a reference to a string,
# text is a string. What a handler dies of fails its task only.
use v5.26;
use warnings;
use Digest::SHA qw(sha512_hex);

my %handlers = (
    # The input as it came: bytes from run() and `ostler map`, a value from call().
    default => sub { my ($input) = @_; return $input },
    sha512 => sub { my ($bytes) = @_; return sha512_hex($$bytes) },
    sum => sub { my ($value) = @_; return { sum => $value->{a} + $value->{b} } },
    whoami => sub { my (undef, $task) = @_; return { task => $task->{id}, handler => $task->{handler}, slot => $task->{slot} } },
);

# `init` gets the pool's initData before the first task; `close` runs behind the last one.
(\%handlers, init => sub { my ($data, $info) = @_ }, close => sub { });
