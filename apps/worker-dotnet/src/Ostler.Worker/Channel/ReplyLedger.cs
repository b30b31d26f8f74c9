using System;
using System.ComponentModel;
using System.Globalization;
using System.IO;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Threading;

namespace Ostler.Channel;

/// <summary>Memory that outlives a kill -9: the replies that are finished and not written yet, and which task began last.</summary>
internal sealed unsafe class ReplyLedger
{
    private const uint Magic = 0x4C54534F;
    private const int HeaderSize = 64, Started = 1, Encoded = 2, Generation = 3;

    private readonly IDisposable? _owner; // unmaps when it is collected
    private readonly uint* _words;

    private ReplyLedger(IDisposable? owner, byte* memory, int size)
    {
        _owner = owner;
        _words = (uint*)memory;
        Area = memory + HeaderSize;
        Capacity = size - HeaderSize & ~7;
        for (var word = 1; word < HeaderSize / 4; word++) _words[word] = 0;
        Volatile.Write(ref _words[0], Magic);
    }

    /// <summary>Where frames go; `Capacity` bytes.</summary>
    public byte* Area { get; }
    public int Capacity { get; }

    /// <summary>Maps a file as `Descriptors.Take` gives it. Null where the system does not let us: then every reply is written at once.</summary>
    public static ReplyLedger? Map(IntPtr file, uint size)
    {
        try
        {
            return Platform.IsWindows ? MapHandle(file, size) : MapDescriptor((int)file, size);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or Win32Exception)
        {
            Console.Error.WriteLine($"ostler: works without the ledger, which cannot be mapped: {error.Message}");
            return null;
        }
    }

    private static ReplyLedger MapDescriptor(int descriptor, uint size)
    {
        var folder = Directory.Exists("/proc/self/fd") ? "/proc/self/fd/" : "/dev/fd/";
        var path = folder + descriptor.ToString(CultureInfo.InvariantCulture);
        var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var file = MemoryMappedFile.CreateFromFile(stream, null, size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        byte* memory = null;
        file.CreateViewAccessor(0, size).SafeMemoryMappedViewHandle.AcquirePointer(ref memory);
        return new ReplyLedger(file, memory, (int)size);
    }

    private static ReplyLedger MapHandle(IntPtr file, uint size)
    {
        var mapping = Kernel32.CreateFileMappingW(file, IntPtr.Zero, Kernel32.PageReadWrite, 0, size, null);
        if (mapping == IntPtr.Zero) throw new Win32Exception();
        var memory = Kernel32.MapViewOfFile(mapping, Kernel32.MapReadWrite, 0, 0, new UIntPtr(size));
        var error = Marshal.GetLastWin32Error();
        Kernel32.CloseHandle(mapping); // the view keeps it
        if (memory == null) throw new Win32Exception(error);
        var ledger = new ReplyLedger(null, memory, (int)size);
        if (ledger.IsSeen(file)) return ledger;
        Volatile.Write(ref ledger._words[0], 0);
        Kernel32.UnmapViewOfFile(memory);
        throw new NotSupportedException("who reads the file would not see what is stored in its memory");
    }

    /// <summary>Whether who reads the file, as the pool does, sees our magic: a file system that keeps no cache would not tell it.</summary>
    private bool IsSeen(IntPtr file)
    {
        var (word, start) = (0u, default(NativeOverlapped)); // the place to read, whatever others that share the handle do
        return Kernel32.ReadFile(file, (byte*)&word, sizeof(uint), out var count, &start) && count == sizeof(uint) && word == Magic;
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
        GC.KeepAlive(_owner);
    }
}
