namespace SmsAi.Core.Features.Auditing;

/// <summary>
/// Appends rows to a file, one line of JSON each, and waits until they are on the disk. A mark beside the file tells which one it is: replicas on
/// several hosts each keep a whole file, those that share one write it together, and it stays the same when it is rotated or the host renamed.
/// </summary>
internal sealed class AuditFileSink(string path) : IAuditSink
{
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
            {
                var mine = $"{mark}.{Guid.NewGuid():N}";
                File.WriteAllText(mine, Guid.NewGuid().ToString("N"));
                try
                {
                    File.Move(mine, mark, overwrite: false);
                }
                catch (IOException)
                {
                    // Another replica was first.
                    File.Delete(mine);
                }
            }

            return Guid.TryParseExact(File.ReadAllText(mark).Trim(), "N", out var known) ? known.ToString("N") : Environment.MachineName;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Environment.MachineName;
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
