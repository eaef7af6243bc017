namespace SmsAi.Core.Features.Auditing;

/// <summary>Appends rows to a file, one line of JSON each, and waits until they are on the disk.</summary>
internal sealed class AuditFileSink(string path) : IAuditSink
{
    public string Name => "file";

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
