using Radzen;

namespace SmsAi.Web.Platform.Ui;

/// <summary>The two widths a dialog may have; the look comes from dialogs.css.</summary>
public static class DialogShape
{
    public static DialogOptions Small => Of("440px");

    /// <summary>For dialogs with a table in them.</summary>
    public static DialogOptions Wide => Of("640px");

    private static DialogOptions Of(string width) => new()
    {
        Width = width,
        CloseDialogOnEsc = true,
        CloseDialogOnOverlayClick = false,
        ShowClose = true,
        AutoFocusFirstElement = false, // dialogs.js does it sooner
    };
}
