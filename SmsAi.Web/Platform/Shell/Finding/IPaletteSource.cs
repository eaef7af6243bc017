namespace SmsAi.Web.Platform.Shell.Finding;

/// <summary>Finds what a feature keeps by what was typed into the palette; one for people, one for messages.</summary>
public interface IPaletteSource
{
    /// <summary>Typed first, it asks for this source alone.</summary>
    char Sign { get; }

    /// <summary>The few that fit best; nothing for what can't be meant for this source. Asked alone: its sign was typed.</summary>
    Task<PaletteFound> FindAsync(string typed, bool isAskedAlone, CancellationToken cancel);
}

/// <summary>What a source found; the person the acts below are about, if it found one; what to say when it found nothing and could have.</summary>
public sealed record PaletteFound(IReadOnlyList<PaletteItem> Items, PaletteFound.Someone? First = null, string? Hint = null)
{
    public static PaletteFound Nothing { get; } = new([]);

    /// <summary>Somebody acts can be about.</summary>
    public sealed record Someone(long Id, string Alias);
}
