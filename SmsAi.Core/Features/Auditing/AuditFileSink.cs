namespace SmsAi.Core.Features.Auditing;

/// <summary>
/// Appends rows to a file, one line of JSON each, and waits until they are on the disk. A mark beside the file tells which one it is: replicas on
/// several hosts each keep a whole file, those that share one write it together, and it stays the same when it is rotated or the host renamed.
/// </summary>
internal sealed class AuditFileSink(string path) : IAuditSink
{
    private static readonly TimeSpan MarkIsWrittenWithin = TimeSpan.FromSeconds(1);

    private string? _place;

    public string Name => "file";

    public string Place => _place ??= Mark();

    public async Task<string?> DeliverAsync(IReadOnlyList<AuditLine> rows, CancellationToken cancel)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            await EndTornLineAsync(file, cancel);
            foreach (var row in rows)
            {
                await file.WriteAsync(AuditJson.Of(row), cancel);
                file.WriteByte((byte)'\n');
            }

            file.Flush(flushToDisk: true);
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return fault is UnauthorizedAccessException ? "the file may not be written" : $"the file can't be written ({fault.GetType().Name})";
        }
    }

    /// <summary>The mark, made by whoever comes first; where it can't be kept the host's name stands for it.</summary>
    private string Mark()
    {
        var mark = path + ".mark";
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            if (!File.Exists(mark))
                Make(mark);
            // Whoever makes it may still be writing.
            var known = "";
            SpinWait.SpinUntil(() => (known = Read(mark)).Length > 0, MarkIsWrittenWithin);
            return known.Length > 0 ? known : Environment.MachineName;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Environment.MachineName;
        }
    }

    /// <summary>Opening decides who is first: a file moved into place could take the place of another's.</summary>
    private static void Make(string mark)
    {
        try
        {
            using var file = new StreamWriter(new FileStream(mark, FileMode.CreateNew, FileAccess.Write, FileShare.None));
            file.Write(Guid.NewGuid().ToString("N"));
        }
        catch (IOException) when (File.Exists(mark))
        {
            // Another replica was first.
        }
    }

    private static string Read(string mark)
    {
        try
        {
            return Guid.TryParseExact(File.ReadAllText(mark).Trim(), "N", out var known) ? known.ToString("N") : "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>A crash may have left half a line; its row comes again on one of its own.</summary>
    private static async Task EndTornLineAsync(FileStream file, CancellationToken cancel)
    {
        if (file.Length == 0)
            return;
        file.Seek(-1, SeekOrigin.End);
        if (file.ReadByte() != '\n')
            await file.WriteAsync("\n"u8.ToArray(), cancel);
    }
}
