using Bunit;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Platform.Ui;

/// <summary>Waits for what a toast says: it comes after the page and the database show what was done.</summary>
internal static class SaidToasts
{
    public static async Task<Toast> ToastAsync(this BunitContext test, string text)
    {
        var toasts = test.Services.GetRequiredService<Toasts>();
        Toast? said = null;
        await Until.TrueAsync(() => (said = toasts.Shown.LastOrDefault(toast => toast.Text == text)) is not null, $"the toast “{text}”");
        return said!;
    }
}
