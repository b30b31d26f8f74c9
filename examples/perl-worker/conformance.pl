# The handlers that the conformance suite calls: packages/testkit/fixtures/README.md says what each must do.
use v5.26;
use Encode qw(decode_utf8);
use Fcntl qw(O_RDONLY);
use JSON::PP ();
use Time::HiRes qw(time);

my %started;

sub text { ref $_[0] ? decode_utf8(${ $_[0] }) : $_[0] }
sub value { ref $_[0] eq 'SCALAR' ? JSON::PP::decode_json(${ $_[0] }) : $_[0] }

sub slurp {
    open my $file, '<:encoding(UTF-8)', $_[0] or die "$_[0]: $!\n";
    local $/;
    return scalar <$file>;
}

my %print = (
    language => sub { print ${ $_[0] } },
    native => sub { syswrite STDOUT, ${ $_[0] } },
    child => sub { open my $cat, '|-', 'cat' or die $!; print $cat ${ $_[0] } },
);

my %handlers = (
    default => sub { $_[0] },
    echo => sub { $_[0] },
    upper => sub { uc text($_[0]) },
    sum => sub { { sum => $_[0]{a} + $_[0]{b} } },
    attach => sub { { length => length ${ $_[0]{data} }, reversed => \scalar reverse ${ $_[0]{data} } } },
    fail => sub {
        my $message = ref $_[0] eq 'HASH' ? $_[0]{message} : 'told to fail';
        die { message => $message, data => { detail => 7 }, cause => { name => 'Error', message => 'the reason' } };
    },
    'not-json' => sub { { list => [1, 9**9**9 / 9**9**9] } },
    nothing => sub { },
    print => sub { $print{ $_[0]{how} }->($_[0]{data}); 'printed' },
    'child-reads-stdin' => sub { my $read = `cat`; { read => length $read } },
    descendant => sub {
        my $pid = fork // die $!;
        return $pid if $pid;
        open STDOUT, '>', '/dev/null';
        open STDERR, '>', '/dev/null';
        exec 'cat', $_[0];
    },
    count => sub { die { name => 'ReplyKindError', message => 'this worker does not stream' } },
    big => sub { my $size = value($_[0])->{size}; my $bytes = substr pack("C*", 0 .. 250) x ($size / 251 + 1), 0, $size; \$bytes },
    info => sub {
        my ($task) = $_[1];
        return {
            %started, (map { $_ => $task->{$_} } qw(id handler attempt tenant metadata slot)), idempotencyKey => $task->{idempotency_key},
            remainingMs => defined $task->{deadline} ? 1000 * ($task->{deadline} - time) : undef,
        };
    },
    exit => sub { $_[0]{kill} ? kill KILL => $$ : exit $_[0]{code} },
    hold => sub { slurp($_[0]) },
);

sub init {
    my ($data, $info) = @_;
    die "told to fail in init\n" if ref $data eq 'HASH' && $data->{fail};
    slurp($data->{hold}) if ref $data eq 'HASH' && $data->{hold};
    %started = (initData => $data, workerId => $info->{worker_id});
}

(\%handlers, init => \&init, close => sub { say 'conformance worker closed' });
