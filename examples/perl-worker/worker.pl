package Ostler::Worker; # A whole worker, in core Perl: perl worker.pl [HANDLERS.pl]; docs/write-a-worker.md explains it
use v5.26; use Encode; use File::Spec; use JSON::PP (); use List::Util qw(pairkeys pairvalues);
my ($json, $key, $max_body, $max_frame, @open, @aside, %info) = (JSON::PP->new->utf8->allow_nonref, 0, 1 << 32, 1 << 20);
my $file = File::Spec->rel2abs($ARGV[0] // __FILE__ =~ s/worker\.pl$/handlers.pl/r);
my ($handlers, %hook) = grep defined, do { package main; do $file } or die "$file: ", $@ || "$!\n";
my ($from, $to) = split /,/, delete $ENV{OSTLER_CHANNEL} // (-t STDIN ? die "This is a worker: a pool starts it.\n" : '');
open my $in, defined $to ? "<&=$from" : '<&STDIN' and open my $out, defined $to ? ">&=$to" : '>&STDOUT' or die $!;
open STDIN, '<', '/dev/null' and (defined $to or open STDOUT, '>&STDERR') or die $!; $| = 1; delete $ENV{OSTLER_LEDGER};
sub damage { say STDERR "damage on the task channel: @_"; exit 70 }
sub fail { my ($name, $message, %data) = @_; die { name => $name, message => $message, data => \%data } }
sub header { my $check = $key; $check ^= $_ for unpack 'V4', $_[0]; return "\xF8OST$_[0]" . pack 'V', $check }
sub put { # sends a message: one frame, or several where its body is larger than a frame's may be
    my ($type, $id, $encoding, $body, $at) = (@_, 0);
    my ($size, $piece, $more) = (length $body, substr($body, $at, $max_frame), length $body > $at + $max_frame);
    fail('BodyTooLargeError', "$size bytes", size => $size, limit => $max_body) if $type == 17 && $size > $max_body;
    my $meta = $more && !$at ? pack('C x v V', 9, 4, $size) : '';
    my $start = header(pack 'C4 V3', $type, $more, $encoding, 0, $id, length $meta, length $piece);
    syswrite $out, pack 'a24 a* x![8] V2', $start, "$meta$piece", $id, length "$meta$piece" or exit;
    put(21, $id, 0, $body, $at + $max_frame) if $more;
}
sub value { # a body as a value, where bytes are a reference to a string, and text is a string
    my ($encoding, $body, $at) = (@_, 0);
    return $encoding ? $json->decode($body) : \$body if $encoding < 2;
    my ($j, @sizes) = unpack 'V V/(V2)', $body;
    my (undef, $text, @parts) = map substr($body, ($at += $_) - $_, $_), 8 + 4 * @sizes, $j, pairkeys(@sizes), pairvalues(@sizes);
    my $value = $at == length $body ? $json->decode($text) : die "the attachments do not add up\n";
    for my $path (map decode_utf8($_), splice @parts, 0, @parts / 2) {
        my ($place, undef, @keys) = (\$value, split m{/}, $path, -1);
        $place = ref $$place eq 'ARRAY' ? \$$place->[$_] : \$$place->{$_} for map s{~1}{/}gr =~ s/~0/~/gr, @keys;
        $$place = defined $$place ? die "no place for bytes: $path\n" : \shift @parts;
    }
    return $value;
}
sub json { # a value as JSON; its bytes go aside, each behind its path
    my ($value, $path) = @_;
    return '[' . join(',', map json($value->[$_], "$path/$_"), keys @$value) . ']' if ref $value eq 'ARRAY';
    return push(@aside, encode_utf8($path), $$value) && 'null' if ref $value eq 'SCALAR';
    return $json->encode($value) =~ s/^-?(nan|inf)/fail('JsonValueError', "no number at $path")/eir if ref $value ne 'HASH';
    return '{' . join(',', map $json->encode($_) . ':' . json($value->{$_}, "$path/" . s/~/~0/gr =~ s{/}{~1}gr), keys %$value) . '}';
}
sub answer { # the encoding and the body of a task's reply
    my ($task, $encoding, $body, @known) = (@_, sort keys %$handlers);
    my $handler = $handlers->{ $task->{handler} } // fail('HandlerNotFoundError', "only @known", known => \@known);
    my $reply = $handler->(value($encoding, $body), $task);
    return (0, ref $reply eq 'SCALAR' ? $$reply : encode_utf8($reply // '')) if !$encoding && ref($reply) !~ /ARRAY|HASH/;
    my $text = $encoding ? json($reply, '', @aside = ()) : fail('ReplyKindError', 'a value, where bytes were sent');
    my $table = pack 'V*', length $text, @aside / 2, map length, @aside;
    return @aside ? (2, join '', $table, $text, pairkeys(@aside), pairvalues(@aside)) : (1, $text);
}
put(1, 0, 1, $json->encode({ protocol => { min => 1, max => 1 }, sdk => { name => 'worker.pl', version => '1' },
    runtime => { name => 'perl', version => "$^V" }, pid => $$, capabilities => [] }));
while (read $in, my $start, 24) {
    my ($fields, $type, $flags, $encoding, $id, $m, $b) = unpack 'x4 a16 X16 C3 x V3', pack 'a24', $start;
    damage('no frame begins here') if $start ne header($fields) || $b > $max_frame;
    read $in, my $body, $m + $b; read $in, my $end, -($m + $b) % 8 + 8;
    damage('a wrong trailer') if substr($end, -8) ne pack 'V2', $id, $m + $b;
    my %field = unpack '(C x v/a)*', substr $body, 0, $m, '';
    push @open, $type, $encoding, '', %field if $type != 21 && $flags & 1; # the first piece of a body
    $open[2] .= $body if $type == 21 || $flags & 1; next if $flags & 1;
    ($type, $encoding, $body, %field) = splice @open if $type == 21; # the last one
    damage('pieces that do not add up') if $field{9} && length $body != unpack 'V', $field{9};
    damage("type $type, out of turn") if $type == 2 && $key || $type == 16 && (!$key || @open);
    eval {
        if ($type == 2) { # WELCOME
            ($key, $max_body, $max_frame, @info{qw(slot worker_id)}) = map unpack('V', $_), @field{32 .. 36};
            $hook{init}->(length $body ? $json->decode($body) : undef, \%info) if $hook{init};
            put(3, 0, 0, '');
        } elsif ($type == 16) { # TASK
            my %task = (%info, id => $id, handler => decode_utf8($field{1} // 'default'), tenant => decode_utf8($field{4} // ''),
                attempt => unpack('V', $field{3} // "\1\0\0\0"), deadline => $field{2} && time + unpack('V', $field{2}) / 1000,
                idempotency_key => $field{5}, metadata => $json->decode($field{8} // '{}'));
            put(17, $id, answer(\%task, $encoding, $body));
        } elsif ($type == 32) { put(33, $id, 0, '') } # PING
    1 } and next;
    my %error = (name => 'Error', message => "$@", ref $@ eq 'HASH' ? %{$@} : ());
    my $text = eval { $json->encode(\%error) } // '';
    my $brief = $json->encode({ name => "$error{name}", message => substr $error{message}, 0, $max_frame / 8 });
    put(18, $id, 1, length $text > $max_frame ? $brief : $text || $brief); exit 1 if $type == 2;
}
$hook{close}->() if $hook{close};
