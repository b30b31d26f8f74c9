using System;
using System.IO;
using System.Linq;
using System.Text;
using Ostler.Host;
using Xunit;

namespace Ostler.Tests;

public class HostTests
{
    public sealed class Many
    {
        public string Run(string text) => text;
        public static int Twice(int number) => number * 2;
        public void Init() { }
    }

    public sealed class Nothing
    {
        public void Close() { }
    }

    public sealed class Overloaded
    {
        public int Add(int number) => number;
        public int Add(string text) => text.Length;
    }

    public sealed class Needy(string name)
    {
        public string Run() => name;
    }

    public sealed class Failing
    {
        public Failing() => throw new InvalidOperationException("no licence");
        public void Run() { }
    }

    public static class OfItsOwn
    {
        public static Worker Serve() => new Worker().Handle("any-name", (string text) => text + "!");
        public static string Other() => "no handler";
    }

    public static class Broken
    {
        public static Worker Serve() => throw new InvalidOperationException("no plan");
    }

    [Fact]
    public void A_type_may_make_its_worker_itself()
    {
        var heard = new Conversation().Task([65], "any-name").Task([], "Other").With(TaskType.ToWorker(typeof(OfItsOwn)));
        Assert.Equal(["RESULT 1 A!", "FAILURE 2 HandlerNotFoundError: there is no handler 'Other'; this worker has any-name", "exit 0"], heard);
        Assert.Contains("Serve of Ostler.Tests.HostTests+Broken failed: InvalidOperationException: no plan", Assert.Throws<HostException>(() => TaskType.ToWorker(typeof(Broken))).Message);
    }

    [Fact]
    public void Options_are_read()
    {
        var options = Options.Parse(["--type", "My.Task", "--sta", "--assembly", "Tasks.dll"]);
        Assert.Equal(("My.Task", true, Path.GetFullPath("Tasks.dll")), (options.Type, options.Sta, options.Assembly));
    }

    [Theory]
    [InlineData("--assembly is missing")]
    [InlineData("--assembly has no value", "--assembly")]
    [InlineData("--type has no value", "--assembly", "x.dll", "--type", "")]
    [InlineData("--type is missing", "--assembly", "x.dll")]
    [InlineData("unknown argument 'x.dll'", "x.dll")]
    [InlineData("unknown argument '--STA'", "--STA")]
    public void Wrong_options_are_named(string message, params string[] args)
    {
        var error = Assert.Throws<HostException>(() => Options.Parse(args));
        Assert.StartsWith(message, error.Message);
        Assert.Contains("usage: ostler-host", error.Message);
    }

    [Theory]
    [InlineData(typeof(Nothing), "no public method")]
    [InlineData(typeof(Overloaded), "there is a handler 'Add' already")]
    [InlineData(typeof(Needy), "needs a public constructor without parameters")]
    [InlineData(typeof(Failing), "InvalidOperationException: no licence")]
    public void A_type_that_cannot_serve_is_refused(Type type, string message) =>
        Assert.Contains(message, Assert.Throws<HostException>(() => TaskType.ToWorker(type)).Message);

    [Fact]
    public void A_type_serves_its_public_methods() => Assert.NotNull(TaskType.ToWorker(typeof(Many)));

    [Theory]
    [InlineData(".NETFramework,Version=v4.7.2", ".NET Framework 4.7.2")]
    [InlineData(".NETCoreApp,Version=v10.0", ".NET 10.0")]
    [InlineData(".NETStandard,Version=v2.0", ".NET Standard 2.0")]
    public void The_framework_of_an_assembly_is_read_from_its_file(string attribute, string expected) =>
        WithFile(Encoding.ASCII.GetBytes($"MZ…{attribute}\0"), file => Assert.Equal(expected, TargetFramework.Of(file)!.ToString()));

    [Fact]
    public void An_assembly_of_the_other_bitness_names_file_bitness_and_the_host_that_is_wanted()
    {
        var image = File.ReadAllBytes(typeof(Worker).Assembly.Location);
        WithFile(image, file => Assert.Null(Bitness.Mismatch(file)));
        WithFile(As32Bit(image), file =>
        {
            var message = Bitness.Mismatch(file);
            Assert.Contains($"{file} is a 32-bit (x86) assembly, this host is 64-bit", message);
            Assert.Contains("-p:PlatformTarget=x86", message);
        });
        WithFile([1, 2, 3], file => Assert.Null(Bitness.Mismatch(file)));
    }

    /// <summary>The same image with the flag "requires a 32-bit process" (ECMA-335, II.25.3.3.1).</summary>
    private static byte[] As32Bit(byte[] image)
    {
        var copy = (byte[])image.Clone();
        var coff = BitConverter.ToInt32(copy, 0x3C) + 4;
        var sections = coff + 20 + BitConverter.ToUInt16(copy, coff + 16);
        var address = BitConverter.ToInt32(copy, coff + 20 + 96 + 14 * 8);
        foreach (var header in Enumerable.Range(0, BitConverter.ToUInt16(copy, coff + 2)).Select(index => sections + index * 40))
        {
            var start = BitConverter.ToInt32(copy, header + 12);
            if (address < start || address >= start + BitConverter.ToInt32(copy, header + 8)) continue;
            copy[address - start + BitConverter.ToInt32(copy, header + 20) + 16] |= 2;
        }
        return copy;
    }

    private static void WithFile(byte[] bytes, Action<string> test)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, bytes);
            test(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
