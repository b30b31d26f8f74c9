using System;
using System.Linq;
using Ostler.Json;
using Xunit;

namespace Ostler.Tests;

public class JsonReaderTests
{
    [Theory]
    [InlineData("null", "null")]
    [InlineData(" [ ] ", "[]")]
    [InlineData("{ }", "{}")]
    [InlineData("[1,-0.5,1e3,true,false,\"a\"]", "[1,-0.5,1000,true,false,'a']")]
    [InlineData("{\"a\":{\"b\":[null]},\"a b\":\"\\u00e4\\n\"}", "{'a':{'b':[null]},'a\\0020b':'\\00E4\\000A'}")]
    [InlineData("\"\\ud800\"", "'\\D800'")]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("{\"a\":1,\"a\":2}", "{'a':2}")]
    public void It_reads(string json, string expected) => Assert.Equal(expected, Plain.Of(JsonReader.Read(json)));

    [Theory]
    [InlineData("", "ends too early")]
    [InlineData("[1,]", "U+005D at character 3")]
    [InlineData("{a:1}", "U+0061 at character 1")]
    [InlineData("01", "U+0031 at character 1")]
    [InlineData("1.", "ends too early")]
    [InlineData("+1", "U+002B")]
    [InlineData("NaN", "U+004E")]
    [InlineData("'a'", "U+0027")]
    [InlineData("\"a\nb\"", "U+000A at character 2")]
    [InlineData("\"\\x\"", "U+0078")]
    [InlineData("\"\\u12g4\"", "U+0075")]
    [InlineData("\uFEFF1", "U+FEFF at character 0")]
    [InlineData("1 2", "U+0032 at character 2")]
    [InlineData("1e999", "too large")]
    [InlineData("tru", "U+0074")]
    public void It_refuses_what_is_no_JSON_and_says_where(string json, string problem) =>
        Assert.Contains(problem, Assert.ThrowsAny<FormatException>(() => JsonReader.Read(json)).Message);

    [Fact]
    public void It_takes_500_levels_and_refuses_endless_ones()
    {
        var nested = string.Concat(Enumerable.Repeat("[", 500)) + string.Concat(Enumerable.Repeat("]", 500));
        Assert.Equal(nested, Plain.Of(JsonReader.Read(nested)));
        Assert.Contains("deeper than", Assert.ThrowsAny<FormatException>(() => JsonReader.Read(new string('[', 100_000))).Message);
    }
}
