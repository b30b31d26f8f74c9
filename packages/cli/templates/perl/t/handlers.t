use v5.26;
use warnings;
use FindBin;
use Test::More;

my ($handlers, %hook) = do "$FindBin::Bin/../handlers.pl";
is(ref $handlers, 'HASH', 'handlers.pl gives back the handlers') or BAIL_OUT($@ || $!);

my $bytes = 'hello';
is(${ $handlers->{default}->(\$bytes) }, 'hello', 'default gives back what it gets');
like($handlers->{sha512}->(\$bytes), qr/^9b71d224bd62f378/, 'sha512 is a digest in hex');
is_deeply($handlers->{sum}->({ a => 1, b => 2 }), { sum => 3 }, 'sum adds');

done_testing();
