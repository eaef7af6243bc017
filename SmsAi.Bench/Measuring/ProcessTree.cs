using System.Globalization;

namespace SmsAi.Bench.Measuring;

/// <summary>What a process and all that came from it used, read from the system's process table.</summary>
/// <param name="CpuSeconds">User and system time, of children that have ended too.</param>
/// <param name="ResidentBytes">Of the first process alone: children may share its pages.</param>
public readonly record struct ProcessUse(double CpuSeconds, long ResidentBytes);

/// <summary>Reads <c>/proc</c>; it works on Linux only.</summary>
public static class ProcessTree
{
    private const double TicksPerSecond = 100;

    public static ProcessUse Of(int root)
    {
        var table = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder.AsSpan()), CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .OfType<Entry>().ToList();
        var children = table.ToLookup(entry => entry.Parent);
        if (table.Find(entry => entry.Id == root) is not { } first)
            return default;
        long ticks = 0;
        var open = new Stack<Entry>([first]);
        while (open.TryPop(out var entry))
        {
            ticks += entry.Ticks;
            foreach (var child in children[entry.Id])
                open.Push(child);
        }

        return new ProcessUse(ticks / TicksPerSecond, first.ResidentPages * Environment.SystemPageSize);
    }

    /// <summary>Zero when there is no such process.</summary>
    public static int ParentOf(int id) => Read(id)?.Parent ?? 0;

    /// <summary>The process whose command line begins like this; zero when there is none.</summary>
    public static int Find(Func<string, bool> commandLine) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder.AsSpan()), CultureInfo.InvariantCulture, out var id) ? id : 0)
        .FirstOrDefault(id => id != 0 && Text($"/proc/{id}/cmdline") is { } line && commandLine(line.Replace('\0', ' ')));

    private static Entry? Read(int id)
    {
        if (Text($"/proc/{id}/stat") is not { } line)
            return null;
        // The name in parentheses may hold anything; what follows it is regular: state, parent, …
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return new Entry(id, (int)Field(1), Field(11) + Field(12) + Field(13) + Field(14), Field(21));

        long Field(int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);
    }

    // Processes come and go while the table is read.
    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record Entry(int Id, int Parent, long Ticks, long ResidentPages);
}
