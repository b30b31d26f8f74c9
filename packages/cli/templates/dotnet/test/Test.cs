using System.Text;

// A plain program that checks the handlers: exit code 0 where all is well.
var failures = 0;

void Check(string what, bool holds)
{
    Console.WriteLine($"{(holds ? "ok    " : "FAILED")}  {what}");
    if (!holds) failures++;
}

Check("Echo gives back what it gets", Handlers.Echo([1, 2]).SequenceEqual(new byte[] { 1, 2 }));
Check("Sha512 is a digest in hex", Handlers.Sha512(Encoding.UTF8.GetBytes("hello")).StartsWith("9b71d224bd62f378"));
Check("Sum adds", Handlers.Sum(new Handlers.Pair(1, 2)) == new Handlers.Total(3));
return failures == 0 ? 0 : 1;
