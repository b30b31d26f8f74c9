using System;
using System.Globalization;
using System.IO;
using System.IO.MemoryMappedFiles;
using System.Threading;

namespace Ostler.Channel;

/// <summary>Memory that outlives a kill -9: the replies that are finished and not written yet, and which task began last.</summary>
internal sealed unsafe class ReplyLedger
{
    private const uint Magic = 0x4C54534F;
    private const int HeaderSize = 64, Started = 1, Encoded = 2, Generation = 3;

    private readonly MemoryMappedFile _file; // unmaps when it is collected
    private readonly uint* _words;

    private ReplyLedger(MemoryMappedFile file, byte* memory, int size)
    {
        _file = file;
        _words = (uint*)memory;
        Area = memory + HeaderSize;
        Capacity = size - HeaderSize & ~7;
        for (var word = 1; word < HeaderSize / 4; word++) _words[word] = 0;
        Volatile.Write(ref _words[0], Magic);
    }

    /// <summary>Where frames go; `Capacity` bytes.</summary>
    public byte* Area { get; }
    public int Capacity { get; }

    /// <summary>Maps the descriptor's file. Null where the system does not let us: then every reply is written at once.</summary>
    public static ReplyLedger? Map(int descriptor, uint size)
    {
        var folder = Directory.Exists("/proc/self/fd") ? "/proc/self/fd/" : "/dev/fd/";
        try
        {
            var path = folder + descriptor.ToString(CultureInfo.InvariantCulture);
            var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            var file = MemoryMappedFile.CreateFromFile(stream, null, size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
            byte* memory = null;
            file.CreateViewAccessor(0, size).SafeMemoryMappedViewHandle.AcquirePointer(ref memory);
            return new ReplyLedger(file, memory, (int)size);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Console.Error.WriteLine($"ostler: works without the ledger, which cannot be mapped: {error.Message}");
            return null;
        }
    }

    /// <summary>Says whose fault a death would be from now on.</summary>
    public void Begin(uint id) => Volatile.Write(ref _words[Started], id);

    /// <summary>The first `length` bytes of the area are whole frames: they count from now on.</summary>
    public void Publish(int length) => Volatile.Write(ref _words[Encoded], (uint)length);

    /// <summary>All of them have been written to the channel.</summary>
    public void Clear()
    {
        Volatile.Write(ref _words[Encoded], 0);
        Volatile.Write(ref _words[Generation], _words[Generation] + 1);
        GC.KeepAlive(_file);
    }
}
