"""LibreOffice, driven without a window: documents opened, worked on and saved by a macro of ours."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

# Nothing is drawn meanwhile: the package without windows lacks what comments are drawn with, and crashes.
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script"
  script:name="Module1" script:language="StarBasic">
Sub Run(jobs As String)
  On Error Goto Bad
  EnableReschedule(False)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName"
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  file = FreeFile
  Open jobs For Input As #file
  Do While Not EOF(file)
    Line Input #file, job
    part = Split(job, Chr(9))
    document = StarDesktop.loadComponentFromURL(part(0), "_blank", 0, hidden())
    frame = document.CurrentController.Frame
    For n = 2 To UBound(part)
      If Left(part(n), 5) = ".uno:" Then
        dispatcher.executeDispatch(frame, part(n), "", 0, Array())
      ElseIf Left(part(n), 5) = "swap " Then
        pair = Split(Mid(part(n), 6), " => ")
        swap = document.createReplaceDescriptor()
        swap.SearchString = pair(0)
        swap.ReplaceString = pair(1)
        swap.SearchCaseSensitive = True
        document.replaceAll(swap)
      ElseIf part(n) = "record" Then
        document.RecordChanges = True
      ElseIf part(n) = "uncomment" Then
        fields = document.TextFields.createEnumeration()
        Dim notes(1000)
        count = 0
        Do While fields.hasMoreElements()
          note = fields.nextElement()
          If note.supportsService("com.sun.star.text.textfield.Annotation") Then
            notes(count) = note
            count = count + 1
          End If
        Loop
        For k = 0 To count - 1
          notes(k).dispose()
        Next k
      End If
    Next n
    how(0).Value = "MS Word 2007 XML"
    If Right(part(1), 4) = ".txt" Then how(0).Value = "Text (encoded)"
    document.storeToURL(part(1), how())
    document.close(True)
  Loop
  Close #file
Bad:
  StarDesktop.terminate()
End Sub
</script:module>
"""
ACCEPT, REJECT = ".uno:AcceptAllTrackedChanges", ".uno:RejectAllTrackedChanges"


def found() -> str | None:
    return shutil.which("soffice")


def run(folder: Path, jobs: list[tuple[Path, Path, list[str]]]) -> None:
    """Open each file, do what is asked, and save it as another, in one process of LibreOffice.

    What can be asked: a dispatch such as ACCEPT, "swap OLD => NEW" for a search and replace, "record" to
    track what follows, "uncomment" to delete all comments.
    """
    _soffice(folder, "--terminate_after_init")  # makes the profile, with an empty module
    (folder / "profile" / "user" / "basic" / "Standard" / "Module1.xba").write_text(_MODULE)
    listed = folder / "jobs.txt"
    listed.write_text("".join("\t".join([_url(old), _url(new), *asked]) + "\n" for old, new, asked in jobs))
    _soffice(folder, f"macro:///Standard.Module1.Run({listed})")
    for _, new, _ in jobs:
        assert new.exists(), f"LibreOffice did not write {new.name}"


def _soffice(folder: Path, argument: str) -> None:
    profile = f"-env:UserInstallation={_url(folder / 'profile')}"
    subprocess.run(
        [found(), profile, "--headless", "--norestore", argument],
        check=True,
        timeout=100,
        env={**os.environ, "HOME": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _url(path: Path) -> str:
    return "file://" + quote(str(path.resolve()))
