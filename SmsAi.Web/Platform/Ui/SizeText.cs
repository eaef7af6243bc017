using SmsAi.Core.Platform.Access;

namespace SmsAi.Web.Platform.Ui;

/// <summary>Says how large something is: 840 kB, 1.4 GB; the figure and its unit apart for a strip.</summary>
public static class SizeText
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    public static string Of(long bytes) => Parts(bytes) is var (number, unit) ? $"{number} {unit}" : "";

    public static (string Number, string Unit) Parts(long bytes)
    {
        var (size, unit) = ((double)bytes, 0);
        // Rounded first, so that 999.9 MB becomes 1.0 GB and never 1,000 MB.
        while (Math.Abs(size) >= 999.5 && unit < Units.Length - 1) (size, unit) = (size / 1000, unit + 1);
        return (size.ToString(unit > 0 && Math.Abs(size) < 9.95 ? "0.0" : "0", OperatorCulture.Here), Units[unit]);
    }
}
