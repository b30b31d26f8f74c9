using System;
using System.Collections.Generic;
using Ostler.Json;
using Xunit;

namespace Ostler.Tests;

public class JsonBinderTests
{
    private sealed class Job
    {
        public int Items { get; set; }
        public List<string>? Names { get; set; }
        public Inner Deep { get; set; }
        public DayOfWeek? Day = null;
    }

    public struct Inner
    {
        public byte[] Data { get; set; }
    }

    public sealed class Point(double x, double y = 7)
    {
        public double X { get; } = x;
        public double Y { get; } = y;
    }

    private static T Bind<T>(string json) => (T)JsonBinder.Bind(JsonReader.Read(json), typeof(T))!;

    [Fact]
    public void Members_go_to_properties_and_fields_whatever_their_case()
    {
        var job = Bind<Job>("{\"items\":3,\"NAMES\":[\"a\",\"b\"],\"day\":\"friday\",\"deep\":{},\"unknown\":1}");
        Assert.Equal((3, 2, (DayOfWeek?)DayOfWeek.Friday), (job.Items, job.Names!.Count, job.Day));
    }

    [Fact]
    public void A_constructor_with_parameters_gets_the_members_of_their_names()
    {
        var point = Bind<Point>("{\"x\":1.5}");
        Assert.Equal((1.5, 7), (point.X, point.Y));
    }

    [Fact]
    public void Lists_dictionaries_and_texts_become_what_is_wanted()
    {
        Assert.Equal([1, 2], Bind<int[]>("[1,2]"));
        Assert.Equal(3, Bind<HashSet<int>>("[1,2,2,3]").Count);
        Assert.Equal(2, Bind<Dictionary<string, int>>("{\"a\":2}")["a"]);
        Assert.Equal(TimeSpan.FromMinutes(1), Bind<TimeSpan>("\"00:01:00\""));
        Assert.Equal(12.5m, Bind<decimal>("12.5"));
        Assert.Null(Bind<int?>("null"));
        Assert.Equal("v", Bind<JsonValue>("{\"k\":[\"v\"]}")["k"][0].AsString());
    }

    [Theory]
    [InlineData("1.5", typeof(int), "Int32")]
    [InlineData("300", typeof(byte), "Byte")]
    [InlineData("null", typeof(int), "Int32")]
    [InlineData("\"x\"", typeof(int), "Int32")]
    [InlineData("\"noday\"", typeof(DayOfWeek), "DayOfWeek")]
    [InlineData("{}", typeof(string), "String")]
    [InlineData("[1,\"x\"]", typeof(int[]), "/1")]
    [InlineData("{\"items\":\"many\"}", typeof(Job), "/items")]
    [InlineData("{\"deep\":{\"data\":1}}", typeof(Job), "/deep/data")]
    public void It_refuses_what_does_not_fit_and_names_the_path(string json, Type type, string named) =>
        Assert.Contains(named, Assert.Throws<JsonBindException>(() => JsonBinder.Bind(JsonReader.Read(json), type)).Message);
}
