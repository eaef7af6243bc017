namespace SmsAi.Web.Platform.Ui;

/// <summary>What the browser of this screen says of itself, for whoever chose nothing.</summary>
public sealed class BrowserLocale
{
    public string? Language { get; private set; }

    public string? Zone { get; private set; }

    public void Use(string? language, string? zone) => (Language, Zone) = (language, zone);
}
